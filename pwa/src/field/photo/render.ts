import { type Area, type Cover, coverOf, hidesAll } from './area.ts';
import { isCovered } from './cover.ts';
import { isBlank, previewBytes, scaled, tries } from './shape.ts';

/** A canvas of the page or of a worker: what a preview needs of either. */
export interface Surface {
  /** Draws the picture, and paints over parts of it. */
  draw(image: ImageBitmap, w: number, h: number, covers: readonly Cover[]): void;
  /** Pixels of a copy, to be looked at. */
  pixels(image: ImageBitmap, w: number, h: number): Uint8ClampedArray;
  jpeg(quality: number): Promise<Blob>;
}

/** A picture to be shown in place of an original, or why there is none. The original is kept in either case. */
export type Preview = { bytes: ArrayBuffer; w: number; h: number } | { none: 'undecodable' | 'blank' };

const sampleSide = 32;

/**
 * Makes a JPEG out of the bytes of a photo, upright as its EXIF says, of pixels
 * alone, with areas painted over. Sizes are tried until the result is small enough;
 * what came out blank, or with an area not covered, is none.
 */
export async function render(
  bytes: ArrayBuffer,
  type: string,
  surface: () => Surface,
  areas: readonly Area[] = [],
): Promise<Preview> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(new Blob([bytes], { type }), { imageOrientation: 'from-image' });
  } catch {
    return { none: 'undecodable' };
  }
  try {
    const s = surface();
    const small = scaled(image.width, image.height, sampleSide);
    if (isBlank(s.pixels(image, small.w, small.h))) return { none: 'blank' };
    let drawn = '';
    for (const { w, h, quality } of tries(image.width, image.height)) {
      const covers = areas.map((a) => coverOf(a, w, h));
      if (`${w}x${h}` !== drawn) s.draw(image, w, h, covers);
      drawn = `${w}x${h}`;
      const blob = await s.jpeg(quality);
      if (blob.size > previewBytes || blob.size === 0) continue;
      const made = await blob.arrayBuffer();
      return (await cameOut(made, s, covers, hidesAll(areas))) ? { bytes: made, w, h } : { none: 'blank' };
    }
    return { none: 'blank' };
  } finally {
    image.close();
  }
}

/** Looks at what was made, not at what should have been: a canvas that is too large fails silently. */
async function cameOut(jpeg: ArrayBuffer, s: Surface, covers: readonly Cover[], hidden: boolean): Promise<boolean> {
  const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
  const { width: w, height: h } = image;
  const small = scaled(w, h, sampleSide);
  const drawn = hidden || !isBlank(s.pixels(image, small.w, small.h));
  const covered = covers.length === 0 || isCovered(s.pixels(image, w, h), w, covers);
  image.close();
  return drawn && covered;
}
