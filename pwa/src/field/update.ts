import { signal } from '@preact/signals';
import { scriptURL } from '../ui/index.ts';

/** waiting is true while a new version of the app is ready: it is offered, and begins when the user takes it or when all pages were closed. */
export const waiting = signal(false);

let registration: ServiceWorkerRegistration | undefined;

/** startWorker registers the service worker, which lets the app open without a network. Without one the app works while there is a network. */
export async function startWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if ((data as { type?: unknown }).type === 'waiting') waiting.value = true;
  });
  registration = await navigator.serviceWorker.register(scriptURL('/field/sw.js'), { scope: '/field/' });
  if (controlled && registration.waiting !== null) waiting.value = true;
}

/** takeUpdate begins the new version and loads the page anew. Ask first: whatever is half typed must be kept. */
export function takeUpdate(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  registration?.waiting?.postMessage({ type: 'activate' });
}
