import { signal } from '@preact/signals';
import { scriptURL } from '../ui/index.ts';

/** waiting is true while a new version of the app is ready: it is offered, and begins when the user takes it or when all pages were closed. */
export const waiting = signal(false);

/** The browser looks for a new version when a page is loaded; an installed app may stay open for days, and looks this often. */
const lookEvery = 60 * 60_000;

let registration: (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }) | undefined;
let looked = Date.now();

/**
 * startWorker registers the service worker, which lets the app open without a network, and calls woken when the worker says that there is one again.
 * Without a worker the app works while there is a network.
 */
export async function startWorker(woken: () => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    const { type } = data as { type?: unknown };
    if (type === 'waiting') waiting.value = true;
    if (type === 'sync') woken();
  });
  registration = await navigator.serviceWorker.register(scriptURL('/field/sw.js'), { scope: '/field/' });
  if (controlled && registration.waiting !== null) waiting.value = true;
}

/** Asks to be woken when there is a network, where the browser can do that: for an app that goes out of sight with work unsent. */
export function wakeLater(): void {
  registration?.sync?.register('outbox').catch(() => undefined); // forbidden: the other wake-ups remain
}

/** Looks for a new version now and then. */
export function lookForUpdate(now = Date.now()): void {
  if (Math.abs(now - looked) < lookEvery) return;
  looked = now;
  registration?.update().catch(() => undefined); // no network: another time
}

/** takeUpdate begins the new version and loads the page anew. Ask first: whatever is half typed must be kept. */
export function takeUpdate(): void {
  const next = registration?.waiting;
  if (next) {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
    next.postMessage({ type: 'activate' });
  } else location.reload(); // another window has begun it
}

/** renew asks for a newer version now, and begins it when there is one; else the page is loaded anew. */
export async function renew(): Promise<void> {
  await registration?.update().catch(() => undefined); // no network: what is here
  const coming = registration?.installing;
  if (coming) await new Promise((done) => coming.addEventListener('statechange', done, { once: true }));
  takeUpdate();
}
