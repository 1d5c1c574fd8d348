import type { App, OpenOptions } from './app.ts';
import { Phone } from './phone.ts';

/** Opens the phone's store and starts the sync loop, when somebody is enrolled and the store is not locked. Throws EngineError with store or outdated. */
export function openApp(options: OpenOptions): Promise<App> {
  return Phone.open(options);
}
