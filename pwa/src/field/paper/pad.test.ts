import { describe, expect, test } from 'vitest';
import { outlineMatches, parseStrokes } from '../../core/form/index.ts';
import { blank, type Dot, placed, redo, sealedHand, thin, undo, write } from './pad.ts';

const pad = { w: 320, h: 200 };
/** A stroke from x, y to the right, with a point every step. */
function line(x: number, y: number, points: number, t = 0, step = 2): Dot[] {
  return Array.from({ length: points }, (_, i) => ({ x: x + i * step, y, t: t + i * 10, p: 0.5 }));
}
const two = write(write(blank, pad, line(20, 50, 20, 1000)), pad, line(20, 90, 20, 2000));

function sealed(ink: Parameters<typeof sealedHand>[0]) {
  const hand = sealedHand(ink, 3);
  if ('fault' in hand) throw new Error(hand.fault);
  return hand;
}

describe('writing', () => {
  test('time counts from the first pen-down', () => {
    expect(two.strokes[0]?.[0]?.t).toBe(0);
    expect(sealed(two).strokes.lines[0]?.slice(0, 4)).toEqual([2000, 5000, 0, 500]);
  });
  test('what is sealed passes the judge of the core, and the outline is its own', () => {
    const { strokes, outline } = sealed(two);
    expect(parseStrokes({ canvas: { ...strokes.canvas }, lines: strokes.lines }).faults).toEqual([]);
    expect(outlineMatches(strokes, outline)).toBe(true);
    expect(strokes.canvas).toEqual({ w: 32000, h: 20000, dpr: 300 });
  });
  test('L32: a clock that falls back during signing gives no time that falls back', () => {
    const ink = write(two, pad, line(30, 120, 10, 500));
    expect(
      parseStrokes({ canvas: { ...sealed(ink).strokes.canvas }, lines: sealed(ink).strokes.lines }).faults,
    ).toEqual([]);
  });
  test('a pen that leaves the pad stays on its edge', () => {
    const ink = write(two, pad, [
      { x: -5, y: 300, t: 3000, p: 0 },
      { x: 400, y: 10, t: 3010, p: 0 },
    ]);
    expect(ink.strokes[2]).toMatchObject([
      { x: 0, y: 200 },
      { x: 320, y: 10 },
    ]);
  });
});

describe('L01: the signature survives rotation and resizing', () => {
  test('strokes keep the size of the pad they were begun on', () => {
    const turned = { w: 600, h: 150 };
    const f = placed(two, turned);
    expect(f.scale).toBeCloseTo(0.75);
    const ink = write(two, turned, [
      { x: f.dx, y: f.dy, t: 3000, p: 0 },
      { x: f.dx + 75, y: f.dy, t: 3100, p: 0 },
    ]);
    expect(ink).toMatchObject({ w: 320, h: 200 });
    expect(ink.strokes[2]?.[1]).toMatchObject({ x: 100, y: 0 });
    expect(ink.strokes.slice(0, 2)).toEqual(two.strokes);
  });
});

describe('undo and redo take whole strokes', () => {
  test('there and back', () => {
    expect(undo(two).strokes.length).toBe(1);
    expect(redo(undo(two)).strokes).toEqual(two.strokes);
    expect(redo(redo(undo(undo(two)))).strokes).toEqual(two.strokes);
    expect(undo(blank)).toEqual(blank);
  });
  test('a new stroke ends what could come back', () => {
    expect(write(undo(two), pad, line(1, 1, 5, 9000)).undone).toEqual([]);
  });
  test('a first stroke that was undone leaves a time that begins at 0', () => {
    const ink = { ...two, strokes: two.strokes.slice(1) };
    expect(sealed({ ...ink, strokes: [...ink.strokes, line(20, 120, 20, 3000)] }).strokes.lines[0]?.[2]).toBe(0);
  });
});

describe('L01: no ink, no signature', () => {
  test('an empty pad is blank', () => {
    expect(sealedHand(blank, 1)).toEqual({ fault: 'blank' });
    expect(sealedHand(undo(undo(two)), 1)).toEqual({ fault: 'blank' });
  });
  test('a dot and one short line are too short', () => {
    expect(sealedHand(write(blank, pad, [{ x: 5, y: 5, t: 0, p: 0 }]), 1)).toEqual({ fault: 'short' });
    expect(sealedHand(write(blank, pad, line(5, 5, 15)), 1)).toEqual({ fault: 'short' });
    expect('strokes' in sealedHand(write(blank, pad, line(5, 5, 30)), 1)).toBe(true);
  });
});

describe('thinning', () => {
  test('more points than a record holds are thinned evenly, the ends stay', () => {
    const many = [line(0, 10, 2500, 0, 0.1), line(0, 20, 700, 30_000, 0.1), [{ x: 1, y: 1, t: 40_000, p: 0 }]];
    const few = thin(many, 1000);
    expect(few.reduce((n, s) => n + s.length, 0)).toBeLessThanOrEqual(1000);
    expect(few.reduce((n, s) => n + s.length, 0)).toBeGreaterThan(990);
    few.forEach((s, n) => {
      expect(s[0]).toEqual(many[n]?.[0]);
      expect(s.at(-1)).toEqual(many[n]?.at(-1));
    });
    expect((few[0]?.length ?? 0) / (few[1]?.length ?? 1)).toBeCloseTo(2500 / 700, 0);
  });
  test('few are left alone', () => {
    expect(thin(two.strokes, 1000)).toEqual(two.strokes);
  });
});
