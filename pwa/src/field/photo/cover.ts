import type { Cover } from './area.ts';

/** What lies over a hidden part: one colour, with an edge that is seen on a picture of the night too. */
export const coverColour = 0x2b;
const fill = '#2b2b2b';
const edge = '#9a9a9a';
const edgeWidth = 2;

/** The least of a canvas that covers need: the page's and a worker's have it alike. */
export interface Brush {
  fillStyle: unknown;
  fillRect(x: number, y: number, w: number, h: number): void;
}

/**
 * Paints over parts of a picture, before it becomes a JPEG: nothing of what was
 * there is left to be brought back, as blurring would leave it.
 */
export function paintOver(brush: Brush, covers: readonly Cover[]): void {
  for (const { x, y, w, h } of covers) {
    brush.fillStyle = edge;
    brush.fillRect(x, y, w, h);
  }
  for (const { x, y, w, h } of covers) {
    brush.fillStyle = fill;
    brush.fillRect(x + edgeWidth, y + edgeWidth, Math.max(1, w - 2 * edgeWidth), Math.max(1, h - 2 * edgeWidth));
  }
}

/** How far a pixel of a cover may be from its colour once it was a JPEG. */
const tolerance = 60;

/** Reports whether every cover is there, in the pixels of a picture w wide: its inside, where the edge's JPEG noise ends. */
export function isCovered(rgba: Uint8ClampedArray, w: number, covers: readonly Cover[]): boolean {
  return covers.every((c) => {
    const inset = Math.min(10, Math.floor(Math.min(c.w, c.h) / 2) - 1);
    for (let y = c.y + inset; y < c.y + c.h - inset; y++) {
      for (let x = c.x + inset; x < c.x + c.w - inset; x++) {
        for (let channel = 0; channel < 3; channel++) {
          if (Math.abs((rgba[4 * (y * w + x) + channel] ?? 0) - coverColour) > tolerance) return false;
        }
      }
    }
    return true;
  });
}
