import { signal } from '@preact/signals';
import { type App, EngineError, openApp } from '../engine/index.ts';
import { keeper } from './grace.ts';
import { lookForUpdate, wakeLater } from './update.ts';

const opened = signal<App | undefined>(undefined);
/** Why the phone's store could not be opened; "" while all is well. */
export const refused = signal('');

/** The phone is open. */
export const isOpen = () => opened.value !== undefined;

/** The phone. Screens are shown only once it is open. */
export function phone(): App {
  const app = opened.value;
  if (!app) throw new Error('the phone is not open');
  return app;
}

/** The service worker says that there is a network again. */
export const wakeUp = () => opened.peek()?.sync.wake('background');

/** Opens the store and starts the sync loop; it says in refused why it could not. */
export async function open(version: string): Promise<void> {
  refused.value = '';
  try {
    const app: App = await openApp({
      app: version,
      // long, and no part of the first screen
      policy: async () => (await import('./policy.ts')).inForce(opened.peek()?.policies.peek() ?? []).version,
    });
    opened.value = app;
    globalThis.addEventListener('online', () => app.sync.wake('online'));
    const seen = keeper(() => app.lock.lock());
    document.addEventListener('visibilitychange', () => {
      const visible = document.visibilityState === 'visible';
      seen(visible);
      if (visible) {
        app.sync.wake('visible');
        lookForUpdate();
      } else if (app.status.peek().unsent.records + app.status.peek().unsent.blobs > 0) wakeLater();
    });
  } catch (fault) {
    refused.value = fault instanceof EngineError ? fault.code : 'store';
  }
}
