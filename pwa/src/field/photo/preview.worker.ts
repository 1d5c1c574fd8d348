import type { Area } from './area.ts';
import { paintOver } from './cover.ts';
import { render, type Surface } from './render.ts';

/** What the page asks, and what it is told. */
export interface Ask {
  bytes: ArrayBuffer;
  type: string;
  /** Parts to be painted over. */
  areas: readonly Area[];
}

interface Scope {
  onmessage: ((event: MessageEvent<Ask>) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;

/** A canvas off the screen. */
function surface(): Surface {
  const canvas = new OffscreenCanvas(1, 1);
  const small = new OffscreenCanvas(1, 1);
  const paint = (on: OffscreenCanvas, image: ImageBitmap, w: number, h: number) => {
    on.width = w;
    on.height = h;
    const context = on.getContext('2d', { willReadFrequently: true }); // what is drawn is read back: no detour by the graphics card
    if (!context) throw new Error('no canvas');
    context.imageSmoothingQuality = 'high';
    context.fillStyle = '#ffffff'; // what a picture leaves open is paper, and not the night
    context.fillRect(0, 0, w, h);
    context.drawImage(image, 0, 0, w, h);
    return context;
  };
  return {
    draw: (image, w, h, covers) => paintOver(paint(canvas, image, w, h), covers),
    pixels: (image, w, h) => paint(small, image, w, h).getImageData(0, 0, w, h).data,
    jpeg: (quality) => canvas.convertToBlob({ type: 'image/jpeg', quality }),
  };
}

scope.onmessage = async ({ data }) => {
  try {
    const made = await render(data.bytes, data.type, surface, data.areas);
    scope.postMessage({ made }, 'bytes' in made ? [made.bytes] : []);
  } catch (fault) {
    scope.postMessage({ fault: String(fault) }, []);
  }
};
