import { scriptURL } from '../../ui/index.ts';
import workerURL from './preview.worker.ts?worker&url';
import { type Preview, render, type Surface } from './render.ts';

interface Told {
  id: number;
  made?: Preview;
  fault?: string;
}

/** No photo takes longer; a worker that died is not waited for. */
const patience = 30_000;

let last = 0;

/** Makes a preview beside the page, so that the screen stays alive; on the page itself where the browser cannot. The bytes are copied, never given away. */
export async function previewOf(bytes: ArrayBuffer, type: string): Promise<Preview> {
  if (typeof OffscreenCanvas !== 'undefined') {
    try {
      return await inWorker(bytes, type);
    } catch {
      // an old browser, or no memory for a worker: the page does it
    }
  }
  return render(bytes, type, onPage);
}

function inWorker(bytes: ArrayBuffer, type: string): Promise<Preview> {
  const worker = new Worker(scriptURL(workerURL), { type: 'module' });
  const id = ++last;
  return new Promise<Preview>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('the worker does not answer')), patience);
    worker.onerror = () => reject(new Error('the worker failed'));
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      clearTimeout(limit);
      if (data.made) resolve(data.made);
      else reject(new Error(data.fault));
    };
    worker.postMessage({ id, bytes, type });
  }).finally(() => worker.terminate()); // its memory goes with it: the next photo starts from nothing
}

function onPage(): Surface {
  const canvas = document.createElement('canvas');
  const small = document.createElement('canvas');
  const paint = (on: HTMLCanvasElement, image: ImageBitmap, w: number, h: number) => {
    on.width = w;
    on.height = h;
    const context = on.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(image, 0, 0, w, h);
    return context;
  };
  return {
    draw: (image, w, h) => void paint(canvas, image, w, h),
    pixels: (image, w, h) => paint(small, image, w, h).getImageData(0, 0, w, h).data,
    jpeg: (quality) =>
      new Promise((resolve, reject) => {
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', quality);
      }),
  };
}
