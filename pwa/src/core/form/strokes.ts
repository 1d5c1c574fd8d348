import { type Fault, Faults } from './fault.ts';
import type { Values } from './form.ts';
import { isInteger, Reader } from './reader.ts';

/** What was written on. All three are hundredths: of CSS pixels, and of the device pixel ratio. */
export interface Canvas {
  w: number;
  h: number;
  dpr: number;
}

/**
 * A signature as data. In Strokes a line is [x, y, t, pressure, x, y, t,
 * pressure, …]: x and y in hundredths of CSS pixels from the top left, t in ms
 * since the first pen-down, pressure 0 to 1000 (0 where the device has none). In
 * an Outline it is [x, y, x, y, …]: time and pressure say how a person's hand
 * moves; the client sees only the outline.
 */
export interface Strokes {
  canvas: Canvas;
  lines: number[][];
}

/** The same points without time and pressure. */
export type Outline = Strokes;

// Bounds of a signature. With the outline beside them, 1,000 points take about
// 40 KB of the 64 KiB that a record may have; a phone that caught more thins
// them evenly before sealing.
export const maxStrokes = 200;
export const maxPoints = 1000;
export const maxSignMS = 10 * 60 * 1000;
const maxCanvas = 10000_00;
const maxDPR = 10_00;
const minInk = 20_00; // two strokes or more
const minInkOneLine = 40_00; // a single one

const perPoint = 4;
const perOutline = 2;

/**
 * Reads the record's field "strokes" and judges it: bounded, inside the canvas,
 * time never running backwards, and not blank.
 */
export function parseStrokes(v: Values): { strokes: Strokes; faults: Fault[] } {
  const f = new Faults();
  const strokes = parseLines(v, perPoint, f);
  if (f.list.length === 0) judge(strokes.lines, f);
  return { strokes, faults: f.list };
}

function judge(lines: readonly number[][], f: Faults) {
  let last = 0;
  let ink = 0;
  for (const [n, line] of lines.entries()) {
    for (let i = 0; i < line.length; i += perPoint) {
      const [x = 0, y = 0, t = 0, pressure = 0] = line.slice(i, i + perPoint);
      if (t < last || t > maxSignMS || (n === 0 && i === 0 && t !== 0)) return f.add('order', 'lines', n, i + 2);
      if (pressure < 0 || pressure > 1000) return f.add('value', 'lines', n, i + 3);
      last = t;
      if (i > 0) ink += Math.abs(x - (line[i - perPoint] ?? 0)) + Math.abs(y - (line[i - perPoint + 1] ?? 0));
    }
  }
  if (ink < minInk || (lines.length === 1 && ink < minInkOneLine)) f.add('blank', 'lines');
}

/** Reads the record's field "signature_outline". */
export function parseOutline(v: Values): { outline: Outline; faults: Fault[] } {
  const f = new Faults();
  const outline = parseLines(v, perOutline, f);
  return { outline, faults: f.list };
}

function parseLines(v: Values, per: number, f: Faults): Strokes {
  const r = new Reader(v, [], f);
  const canvas = readCanvas(r, f);
  const list = r.list('lines');
  f.unknown(v, [], ['canvas', 'lines']);
  const none = { canvas, lines: [] };
  if (f.list.length > 0) return none;
  const fail = (...fault: Parameters<Faults['add']>) => {
    f.add(...fault);
    return none;
  };
  if (list.length > maxStrokes) return fail('too_many', 'lines');
  const lines: number[][] = [];
  let points = 0;
  for (const [n, flat] of list.entries()) {
    if (!Array.isArray(flat) || flat.length === 0 || flat.length % per !== 0) return fail('type', 'lines', n);
    points += flat.length / per;
    if (points > maxPoints) return fail('too_many', 'lines');
    for (const [i, a] of flat.entries()) {
      if (!isInteger(a)) return fail('type', 'lines', n, i);
      const edge = [canvas.w, canvas.h][i % per];
      if (edge !== undefined && (a < 0 || a > edge)) return fail('value', 'lines', n, i);
    }
    lines.push(flat as number[]);
  }
  if (lines.length === 0) f.add('blank', 'lines');
  return { canvas, lines };
}

function readCanvas(r: Reader, f: Faults): Canvas {
  const m = r.object('canvas');
  if (!m) return { w: 0, h: 0, dpr: 0 };
  const c = new Reader(m, ['canvas'], f);
  const canvas = { w: c.number('w', 1, maxCanvas), h: c.number('h', 1, maxCanvas), dpr: c.number('dpr', 1, maxDPR) };
  f.unknown(m, ['canvas'], ['w', 'h', 'dpr']);
  return canvas;
}

/** Drops time and pressure and changes nothing else. */
export function outlineOf(s: Strokes): Outline {
  return { canvas: s.canvas, lines: s.lines.map((line) => line.filter((_, i) => i % perPoint < 2)) };
}

/** Reports whether o is exactly the outline of s. */
export function outlineMatches(s: Strokes, o: Outline): boolean {
  return JSON.stringify(drawing(outlineOf(s))) === JSON.stringify(drawing(o));
}

/** Strokes or an outline as the plain value that is sealed. */
export function drawing(s: Strokes | Outline): Values {
  const { w, h, dpr } = s.canvas;
  return { canvas: { w, h, dpr }, lines: s.lines };
}
