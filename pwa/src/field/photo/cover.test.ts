import { expect, test } from 'vitest';
import { coverColour, isCovered, paintOver } from './cover.ts';

const w = 120;
const h = 80;

/** Pixels that can be painted on, each of another colour. */
function canvas() {
  const rgba = new Uint8ClampedArray(4 * w * h).map((_, i) => (i % 4 === 3 ? 255 : 60 + ((i * 37) % 190)));
  return {
    rgba,
    fillStyle: '' as unknown,
    fillRect(x: number, y: number, width: number, height: number) {
      const [r, g, b] = (String(this.fillStyle).slice(1).match(/../g) ?? []).map((c) => Number.parseInt(c, 16));
      for (let v = y; v < y + height; v++)
        for (let u = x; u < x + width; u++) rgba.set([r ?? 0, g ?? 0, b ?? 0, 255], 4 * (v * w + u));
    },
  };
}

const covers = [
  { x: 10, y: 10, w: 40, h: 30 },
  { x: 40, y: 20, w: 60, h: 50 },
];

test('nothing of what was under a cover is left, where covers meet too', () => {
  const c = canvas();
  expect(isCovered(c.rgba, w, covers)).toBe(false);
  paintOver(c, covers);
  expect(isCovered(c.rgba, w, covers)).toBe(true);
  const seen = new Set<number>();
  for (const one of covers)
    for (let y = one.y; y < one.y + one.h; y++)
      for (let x = one.x; x < one.x + one.w; x++) seen.add(c.rgba[4 * (y * w + x)] ?? -1);
  expect([...seen].sort()).toEqual([0x9a, coverColour].sort());
});

test('one pixel that shows through is seen', () => {
  const c = canvas();
  paintOver(c, covers);
  c.rgba[4 * (25 * w + 25) + 1] = 200;
  expect(isCovered(c.rgba, w, covers)).toBe(false);
});
