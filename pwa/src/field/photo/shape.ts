/** The longest side of a preview, and the most bytes it may have. */
export const previewSide = 1600;
export const previewBytes = 300 * 1000;

/** One attempt at a preview. */
export interface Try {
  w: number;
  h: number;
  quality: number;
}

const qualities = [0.82, 0.7, 0.58, 0.45];
const sides = [previewSide, 1280, 960, 640];

/** The sizes and qualities to try in turn, until the bytes fit; the last one fits anything. */
export function tries(w: number, h: number): Try[] {
  const seen = new Set<string>();
  return sides.flatMap((side) => {
    const at = scaled(w, h, side);
    const key = `${at.w}x${at.h}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return qualities.map((quality) => ({ ...at, quality }));
  });
}

/** A size with at most that longest side, in proportion, never larger and never nothing. */
export function scaled(w: number, h: number, side: number): { w: number; h: number } {
  const f = Math.min(1, side / Math.max(w, h));
  return { w: Math.max(1, Math.round(w * f)), h: Math.max(1, Math.round(h * f)) };
}

/**
 * Nothing was drawn: every sampled pixel is exactly the same. A canvas that
 * failed is uniformly white, black or clear; a photo of the darkest night still
 * has noise.
 */
export function isBlank(rgba: Uint8ClampedArray): boolean {
  for (let i = 4; i < rgba.length; i++) if (rgba[i] !== rgba[i - 4]) return false;
  return true;
}
