/** A part of an upright picture, in shares of its sides: 0 to 1. */
export interface Area {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A place in a picture, in the same shares. */
export interface Spot {
  x: number;
  y: number;
}

/** A part of a canvas, in whole pixels. */
export interface Cover {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** So many areas one picture may have; nobody draws more by hand. */
export const maxAreas = 100;

/** The area between two opposite corners, in whatever order; what lies beyond the picture is cut off. */
export function between(a: Spot, b: Spot): Area {
  const [left, right] = [clamp(Math.min(a.x, b.x)), clamp(Math.max(a.x, b.x))];
  const [top, foot] = [clamp(Math.min(a.y, b.y)), clamp(Math.max(a.y, b.y))];
  return { x: left, y: top, w: right - left, h: foot - top };
}

/** How far a cover reaches beyond its area, pixels: a picture that is made smaller smears what is inside over its edge. */
const margin = 3;

/** The least side of a cover: a thin line hides nothing that one would draw it for. */
const least = 24;

/** The pixels that hide an area in a picture of that size: outwards to whole ones, with a margin, never beyond the picture. */
export function coverOf(area: Area, w: number, h: number): Cover {
  const [x, wide] = reach(area.x * w, area.w * w, w);
  const [y, high] = reach(area.y * h, area.h * h, h);
  return { x, y, w: wide, h: high };
}

function reach(from: number, length: number, side: number): [from: number, length: number] {
  const more = Math.max(margin, (least - length) / 2);
  const start = Math.max(0, Math.floor(from - more));
  return [start, Math.min(side, Math.ceil(from + length + more)) - start];
}

/** Reports whether the areas together leave nothing of the picture, seen on a grid of that many cells a side. */
export function hidesAll(areas: readonly Area[], cells = 64): boolean {
  for (let i = 0; i < cells * cells; i++) {
    const x = ((i % cells) + 0.5) / cells;
    const y = (Math.floor(i / cells) + 0.5) / cells;
    if (!areas.some((a) => x >= a.x && x <= a.x + a.w && y >= a.y && y <= a.y + a.h)) return false;
  }
  return true;
}

function clamp(v: number): number {
  return Math.min(1, Math.max(0, v));
}
