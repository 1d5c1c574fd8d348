import { maxPoints, maxSignMS, maxStrokes, outlineOf, parseStrokes, type Strokes } from '../../core/form/index.ts';

/** One point of the pen, in CSS pixels of the pad; t in ms since the first pen-down, p 0 to 1 (0: none). */
export interface Dot {
  x: number;
  y: number;
  t: number;
  p: number;
}

/**
 * A signature while it is being written, as data: what is on the canvas is drawn
 * from this and never read back from it. Plain, so that a draft keeps it.
 */
export interface Ink {
  /** The pad on which the first stroke was written, CSS pixels; 0 while nothing is. */
  w: number;
  h: number;
  strokes: Dot[][];
  /** Undone strokes, the last one first to come back. */
  undone: Dot[][];
}

export const blank: Ink = { w: 0, h: 0, strokes: [], undone: [] };

/** Adds a finished stroke. The first fixes the size of the pad: what is drawn later on another size is brought into it. */
export function write(ink: Ink, pad: { w: number; h: number }, stroke: readonly Dot[]): Ink {
  if (stroke.length === 0 || ink.strokes.length >= maxStrokes) return ink;
  const first = ink.strokes.length === 0;
  const w = first ? pad.w : ink.w;
  const h = first ? pad.h : ink.h;
  const f = placed({ w, h }, pad);
  const start = stroke[0]?.t ?? 0;
  const shift = first ? start : 0;
  const last = ink.strokes.at(-1)?.at(-1)?.t ?? 0;
  let t = last;
  const line = stroke.map((d) => {
    t = Math.max(t, Math.min(maxSignMS, d.t - shift)); // a clock that falls back would not be a time
    return { x: clamp((d.x - f.dx) / f.scale, w), y: clamp((d.y - f.dy) / f.scale, h), t, p: d.p };
  });
  return { w, h, strokes: [...ink.strokes, line], undone: [] };
}

export function undo(ink: Ink): Ink {
  const last = ink.strokes.at(-1);
  return last ? { ...ink, strokes: ink.strokes.slice(0, -1), undone: [...ink.undone, last] } : ink;
}

export function redo(ink: Ink): Ink {
  const last = ink.undone.at(-1);
  return last ? { ...ink, strokes: [...ink.strokes, last], undone: ink.undone.slice(0, -1) } : ink;
}

/** How the ink of a pad of one size is shown on another: whole, in proportion, in the middle. */
export function placed(
  ink: { w: number; h: number },
  pad: { w: number; h: number },
): { scale: number; dx: number; dy: number } {
  if (!ink.w || !ink.h || (ink.w === pad.w && ink.h === pad.h)) return { scale: 1, dx: 0, dy: 0 };
  const scale = Math.min(pad.w / ink.w, pad.h / ink.h);
  return { scale, dx: (pad.w - ink.w * scale) / 2, dy: (pad.h - ink.h * scale) / 2 };
}

function clamp(v: number, most: number): number {
  return Math.min(most, Math.max(0, v));
}

/** A signature as it is sealed, or why it is none yet. */
export type Hand = { strokes: Strokes; outline: Strokes } | { fault: 'blank' | 'short' };

/** Makes the sealed form: hundredths, at most as many points as a record may hold. */
export function sealedHand(ink: Ink, dpr: number): Hand {
  if (ink.strokes.length === 0) return { fault: 'blank' };
  const cent = (v: number) => Math.round(v * 100);
  const w = cent(ink.w);
  const h = cent(ink.h);
  const zero = ink.strokes[0]?.[0]?.t ?? 0; // the first stroke may have been undone
  const lines = thin(ink.strokes, maxPoints).map((s) =>
    s.flatMap((d) => [
      Math.min(w, cent(d.x)),
      Math.min(h, cent(d.y)),
      Math.round(d.t - zero),
      Math.round(clamp(d.p, 1) * 1000),
    ]),
  );
  const strokes: Strokes = { canvas: { w, h, dpr: Math.min(1000, Math.max(1, cent(dpr))) }, lines };
  const { faults } = parseStrokes({ canvas: { ...strokes.canvas }, lines });
  if (faults.some((f) => f.code === 'blank')) return { fault: 'short' };
  if (faults.length > 0) throw new Error(`strokes: ${faults[0]?.code} at ${faults[0]?.pointer}`);
  return { strokes, outline: outlineOf(strokes) };
}

/** Leaves out points evenly until at most so many are left; each stroke keeps its first and its last. */
export function thin(strokes: readonly Dot[][], most: number): Dot[][] {
  const all = strokes.reduce((n, s) => n + s.length, 0);
  if (all <= most) return strokes.map((s) => [...s]);
  const ends = strokes.reduce((n, s) => n + Math.min(2, s.length), 0);
  const inner = all - ends;
  const keep = Math.max(0, most - ends);
  let seen = 0;
  return strokes.map((s) =>
    s.filter((_, i) => {
      if (i === 0 || i === s.length - 1) return true;
      seen++;
      return Math.floor((seen * keep) / inner) > Math.floor(((seen - 1) * keep) / inner);
    }),
  );
}
