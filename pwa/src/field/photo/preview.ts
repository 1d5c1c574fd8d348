import { scriptURL } from '../../ui/index.ts';
import type { Area } from './area.ts';
import { paintOver } from './cover.ts';
import workerURL from './preview.worker.ts?worker&url';
import { type Preview, render, type Surface } from './render.ts';

interface Told {
  made?: Preview;
  fault?: string;
}

/** No photo takes longer; a worker that died is not waited for. */
const patience = 30_000;

/**
 * Makes a preview beside the page, so that the screen stays alive; on the page
 * itself where the browser cannot. Areas are painted over in it. The bytes are
 * copied, never given away.
 */
export async function previewOf(bytes: ArrayBuffer, type: string, areas: readonly Area[] = []): Promise<Preview> {
  if (typeof OffscreenCanvas !== 'undefined') {
    try {
      return await inWorker(bytes, type, areas);
    } catch {
      // an old browser, or no memory for a worker: the page does it
    }
  }
  return render(bytes, type, onPage, areas);
}

/** A worker that waits for its photo: to start one takes as long as a small preview. */
let spare: Worker | undefined;
let wanted = 0;

/** Keeps a worker ready while photos are about to be taken, until the function that it gives is called. */
export function prepare(): () => void {
  wanted++;
  fill();
  return () => {
    wanted--;
    if (wanted > 0) return;
    spare?.terminate();
    spare = undefined;
  };
}

function fill(): void {
  if (wanted === 0 || spare || typeof OffscreenCanvas === 'undefined') return;
  const worker = start();
  worker.onerror = () => {
    if (spare === worker) spare = undefined; // the next photo tries for itself
  };
  spare = worker;
}

function start(): Worker {
  return new Worker(scriptURL(workerURL), { type: 'module' });
}

function inWorker(bytes: ArrayBuffer, type: string, areas: readonly Area[]): Promise<Preview> {
  const worker = spare ?? start();
  spare = undefined;
  return new Promise<Preview>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('the worker does not answer')), patience);
    worker.onerror = () => reject(new Error('the worker failed'));
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      clearTimeout(limit);
      if (data.made) resolve(data.made);
      else reject(new Error(data.fault));
    };
    worker.postMessage({ bytes, type, areas });
  }).finally(() => {
    worker.terminate(); // its memory goes with it: the next photo starts from nothing
    fill();
  });
}

function onPage(): Surface {
  const canvas = document.createElement('canvas');
  const small = document.createElement('canvas');
  const paint = (on: HTMLCanvasElement, image: ImageBitmap, w: number, h: number) => {
    on.width = w;
    on.height = h;
    const context = on.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    context.imageSmoothingQuality = 'high';
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, w, h);
    context.drawImage(image, 0, 0, w, h);
    return context;
  };
  return {
    draw: (image, w, h, covers) => paintOver(paint(canvas, image, w, h), covers),
    pixels: (image, w, h) => paint(small, image, w, h).getImageData(0, 0, w, h).data,
    jpeg: (quality) =>
      new Promise((resolve, reject) => {
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', quality);
      }),
  };
}
