import { expect, test } from 'vitest';
import { isBlank, previewSide, scaled, tries } from './shape.ts';

test('the longest side is bounded, proportions stay, nothing is enlarged', () => {
  expect(scaled(4000, 3000, previewSide)).toEqual({ w: 1600, h: 1200 });
  expect(scaled(3000, 4000, previewSide)).toEqual({ w: 1200, h: 1600 });
  expect(scaled(800, 600, previewSide)).toEqual({ w: 800, h: 600 });
  expect(scaled(10_000, 1, previewSide)).toEqual({ w: 1600, h: 1 });
});

test('quality falls before size does, and a size is tried once', () => {
  const list = tries(4000, 3000);
  expect(list[0]).toEqual({ w: 1600, h: 1200, quality: 0.82 });
  expect(list[3]).toEqual({ w: 1600, h: 1200, quality: 0.45 });
  expect(list[4]).toMatchObject({ w: 1280, h: 960 });
  expect(tries(600, 400).length).toBe(4);
});

test('L23: a canvas that came out empty is seen, a dark photo is not taken for one', () => {
  expect(isBlank(new Uint8ClampedArray(400))).toBe(true);
  expect(isBlank(new Uint8ClampedArray(400).fill(255))).toBe(true);
  const night = new Uint8ClampedArray(400).map((_, i) => (i % 4 === 3 ? 255 : 4));
  expect(isBlank(night)).toBe(true);
  night[201] = 5;
  expect(isBlank(night)).toBe(false);
});
