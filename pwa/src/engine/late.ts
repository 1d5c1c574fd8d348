/** A part of the program that is loaded when it is called for, once. */
function late<T>(load: () => Promise<T>): () => T | Promise<T> {
  let there: T | undefined;
  return () =>
    there ??
    load().then((part) => {
      there = part;
      return part;
    });
}

/** What the first screen does not wait for. */
export const acts = late(() => import('./acts.ts'));
export const sealing = late(() => import('./seal.ts'));
export const holding = late(() => import('./held.ts'));
export const enrolling = late(() => import('./enrol.ts'));
export const rescuing = late(() => import('./rescue.ts'));
export const delivering = late(() => import('./deliver.ts'));

/** Has all parts at hand before they are called for. Rejects when one cannot be had: without a network, before the worker has kept it. */
export async function warm(): Promise<void> {
  await Promise.all([acts(), sealing(), holding(), enrolling(), rescuing(), delivering()]);
}
