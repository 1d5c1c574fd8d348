import type { Ports } from './ports.ts';

/** What may be there and is not in every engine's types. */
interface Hints {
  connection?: { type?: string; saveData?: boolean };
}

/** The two calls of localStorage that the beacon needs; a worker has none. */
interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const beaconKey = 'tachiai';

/** The browser. name tells apart databases, locks and channels of several apps in one origin. */
export function platform(name: string): Ports {
  return {
    now: () => Date.now(),
    mono: () => performance.now(),
    random: (into) => crypto.getRandomValues(into),
    fetch: (input, init) => fetch(input, init),
    indexedDB,
    timers: {
      set: (callback, ms) => setTimeout(callback, ms),
      clear: (handle) => clearTimeout(handle as number),
    },
    async lock(lock, work) {
      if (!navigator.locks) return work();
      return navigator.locks.request(lock, { ifAvailable: true }, async (held) => (held ? work() : undefined));
    },
    storage: {
      async persisted() {
        return (await navigator.storage?.persisted?.()) ?? false;
      },
      persist: () => (navigator.storage as StorageManager & { persist?: () => Promise<boolean> })?.persist?.(),
      async estimate() {
        const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
        return { usage, quota };
      },
    },
    online: () => navigator.onLine !== false,
    cheap() {
      const { connection } = navigator as Hints;
      return !connection?.saveData && connection?.type !== 'cellular';
    },
    zone: () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'Asia/Tokyo',
    channel: channel(name),
    beacon: {
      read: () => shelf()?.getItem(`${beaconKey}:${name}`) ?? undefined,
      write(text) {
        try {
          shelf()?.setItem(`${beaconKey}:${name}`, text);
        } catch {
          // full or forbidden: the beacon is a courtesy
        }
      },
    },
  };
}

/** scheme and host of the page; "" where there is none. */
export function pageOrigin(): string {
  return (globalThis as { location?: { origin: string } }).location?.origin ?? '';
}

function shelf(): Shelf | undefined {
  try {
    return (globalThis as { localStorage?: Shelf }).localStorage;
  } catch {
    return undefined; // forbidden by the browser's settings
  }
}

/** Opened when it is first used: an open channel keeps a process alive. */
function channel(name: string): Ports['channel'] {
  let opened: BroadcastChannel | undefined;
  const open = () => {
    if (typeof BroadcastChannel !== 'undefined') opened ??= new BroadcastChannel(`tachiai:${name}`);
    return opened;
  };
  return {
    post: (message) => open()?.postMessage(message),
    listen(callback) {
      const hear = (event: MessageEvent) => callback(String(event.data));
      open()?.addEventListener('message', hear);
      return () => {
        opened?.close();
        opened = undefined;
      };
    },
  };
}
