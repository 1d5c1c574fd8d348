import { isBlank, previewBytes, scaled, tries } from './shape.ts';

/** A canvas of the page or of a worker: what a preview needs of either. */
export interface Surface {
  draw(image: ImageBitmap, w: number, h: number): void;
  /** Pixels of a small copy, for the test of blankness. */
  pixels(image: ImageBitmap, w: number, h: number): Uint8ClampedArray;
  jpeg(quality: number): Promise<Blob>;
}

/** A preview, or why there is none. The original is kept in either case. */
export type Preview = { bytes: ArrayBuffer; w: number; h: number } | { none: 'undecodable' | 'blank' };

const sampleSide = 32;

/**
 * Makes a JPEG preview out of the bytes of a photo, upright as its EXIF says. Sizes
 * are tried until the result is small enough and not blank.
 */
export async function render(bytes: ArrayBuffer, type: string, surface: () => Surface): Promise<Preview> {
  let image: ImageBitmap;
  try {
    image = await createImageBitmap(new Blob([bytes], { type }), { imageOrientation: 'from-image' });
  } catch {
    return { none: 'undecodable' };
  }
  try {
    const s = surface();
    const small = scaled(image.width, image.height, sampleSide);
    const flat = isBlank(s.pixels(image, small.w, small.h));
    let drawn = '';
    for (const attempt of tries(image.width, image.height)) {
      const size = `${attempt.w}x${attempt.h}`;
      if (size !== drawn) s.draw(image, attempt.w, attempt.h);
      drawn = size;
      const blob = await s.jpeg(attempt.quality);
      if (blob.size > previewBytes || blob.size === 0) continue;
      const made = await blob.arrayBuffer();
      if (flat || (await cameOutBlank(made, s))) return { none: 'blank' };
      return { bytes: made, w: attempt.w, h: attempt.h };
    }
    return { none: 'blank' };
  } finally {
    image.close();
  }
}

/** Looks at what was made, not at what should have been: a canvas that is too large fails silently. */
async function cameOutBlank(jpeg: ArrayBuffer, s: Surface): Promise<boolean> {
  const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
  const small = scaled(image.width, image.height, sampleSide);
  const blank = isBlank(s.pixels(image, small.w, small.h));
  image.close();
  return blank;
}
