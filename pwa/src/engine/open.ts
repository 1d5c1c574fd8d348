import type { App, OpenOptions } from './app.ts';
import { EngineError } from './fault.ts';

/** Opens the phone's store and starts the sync loop. */
export async function openApp(options: OpenOptions): Promise<App> {
  throw new EngineError('store', { detail: options.app });
}
