import { expect, test } from 'vitest';
import { begun, lasted, nextStroke, pathsAt, viewOf } from './replay.ts';

const two = {
  canvas: { w: 300_00, h: 200_00, dpr: 2_00 },
  lines: [
    [10_00, 20_00, 0, 500, 30_50, 20_00, 16, 500, 50_00, 25_00, 32, 0],
    [60_00, 60_00, 200, 300],
  ],
};

test('the hand appears as it moved', () => {
  expect(pathsAt(two, 0)).toEqual(['M10 20l.01 0']);
  expect(pathsAt(two, 16)).toEqual(['M10 20L30.5 20']);
  expect(pathsAt(two, 199)).toEqual(['M10 20L30.5 20 50 25']);
  expect(pathsAt(two, 200)).toHaveLength(2);
});

test('stroke by stroke', () => {
  expect(lasted(two)).toBe(200);
  expect([begun(two, 0), begun(two, 200)]).toEqual([1, 2]);
  expect(nextStroke(two, 32)).toBe(200);
  expect(nextStroke(two, 200)).toBe(200);
  expect(nextStroke(two, -1)).toBe(32);
  expect(viewOf(two)).toBe('0 0 300 200');
});
