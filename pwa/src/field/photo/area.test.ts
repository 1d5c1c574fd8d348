import { expect, test } from 'vitest';
import { between, coverOf, hidesAll } from './area.ts';

test('an area is the same from any corner, and ends with the picture', () => {
  const area = { x: 0.2, y: 0.4, w: 0.3, h: 0.1 };
  for (const [a, b] of [
    [0.2, 0.4, 0.5, 0.5],
    [0.5, 0.5, 0.2, 0.4],
    [0.5, 0.4, 0.2, 0.5],
  ].map(([x, y, u, v]) => [
    { x: x as number, y: y as number },
    { x: u as number, y: v as number },
  ])) {
    const made = between(a as { x: number; y: number }, b as { x: number; y: number });
    for (const side of ['x', 'y', 'w', 'h'] as const) expect(made[side]).toBeCloseTo(area[side]);
  }
  expect(between({ x: -0.5, y: 0.5 }, { x: 0.5, y: 1.5 })).toEqual({ x: 0, y: 0.5, w: 0.5, h: 0.5 });
});

test('a cover reaches beyond its area on every side, and never beyond the picture', () => {
  expect(coverOf({ x: 0.25, y: 0.5, w: 0.5, h: 0.25 }, 1600, 1200)).toEqual({ x: 397, y: 597, w: 806, h: 306 });
  expect(coverOf({ x: 0, y: 0, w: 1, h: 1 }, 100, 50)).toEqual({ x: 0, y: 0, w: 100, h: 50 });
  expect(coverOf({ x: 0.9, y: 0.9, w: 0.1, h: 0.1 }, 1000, 1000)).toEqual({ x: 897, y: 897, w: 103, h: 103 });
});

test('a line hides what it goes through', () => {
  expect(coverOf({ x: 0.5, y: 0.1, w: 0, h: 0.5 }, 1000, 1000)).toMatchObject({ x: 488, w: 24 });
});

test('whether anything is left', () => {
  expect(hidesAll([{ x: 0, y: 0, w: 1, h: 1 }])).toBe(true);
  expect(
    hidesAll([
      { x: 0, y: 0, w: 0.6, h: 1 },
      { x: 0.5, y: 0, w: 0.5, h: 1 },
    ]),
  ).toBe(true);
  expect(hidesAll([{ x: 0, y: 0, w: 0.9, h: 1 }])).toBe(false);
  expect(hidesAll([])).toBe(false);
});
