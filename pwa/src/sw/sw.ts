/// <reference lib="webworker" />
// The service worker of the field app: lifecycle and cache, nothing else. It answers GET alone, keeps what the build listed, and leaves the API
// to the network: no record ever passes through it. A new version waits until the page says so.

declare global {
  /** Background Sync, which the types do not know: there is a network again for what a page has asked for. */
  interface ServiceWorkerGlobalScopeEventMap {
    sync: ExtendableEvent & { readonly tag: string };
  }
}

declare const self: ServiceWorkerGlobalScope;
declare const __VERSION__: string;
declare const __KEPT__: readonly { readonly url: string; readonly integrity: string }[];

const list = __KEPT__;
const prefix = 'field-';
const name = `${prefix}${__VERSION__}`;
const shell = '/field/';

/**
 * keep fetches all that the app is made of. The digests refuse a sign-in page of a hotel's network, and a server in mid-change. A server may go back
 * to the version that is at work: its cache is complete, and never touched. One that is not is nobody's: it was left by an installation that was
 * killed half-way, and goes away like what this one leaves if it fails.
 */
async function keep(): Promise<void> {
  const cache = await caches.open(name);
  const held = await Promise.all(list.map(({ url }) => cache.match(url)));
  const missing = list.filter((_, n) => held[n] === undefined);
  try {
    await Promise.all(
      missing.map(async ({ url, integrity }) => {
        const answer = await fetch(url, { cache: 'no-cache', credentials: 'omit', redirect: 'error', integrity });
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        await cache.put(url, answer);
      }),
    );
  } catch (fault) {
    await caches.delete(name); // half a version is none; the browser tries again
    throw fault;
  }
}

/** tidy keeps this version and the one before, which a page that is open may still load parts of. */
async function tidy(): Promise<void> {
  const own = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);
  await Promise.all(own.slice(0, -1).map((key) => caches.delete(key)));
  await self.clients.claim();
}

async function tell(message: { type: string; version: string }): Promise<void> {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) page.postMessage(message);
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    keep().then(() =>
      self.registration.active === null ? undefined : tell({ type: 'waiting', version: __VERSION__ }),
    ),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(tidy());
});

self.addEventListener('message', (event) => {
  const { type } = event.data as { type?: unknown };
  if (type === 'activate') void self.skipWaiting();
  if (type === 'version') event.source?.postMessage({ type: 'version', version: __VERSION__ });
});

// Background Sync wakes the pages that are open, however deep they sleep, and no more. The worker itself sends nothing: keys are used by the app that
// was unlocked, the lock of the one loop is held by a page, and a copy of that loop in here would have to be as right as the first (L07, L19).
self.addEventListener('sync', (event) => {
  if (event.tag === 'outbox') event.waitUntil(tell({ type: 'sync', version: __VERSION__ }));
});

/** kept answers from the cache of this version, then of the one before, then from the network. */
async function kept(request: Request, url: string): Promise<Response> {
  return (
    (await caches.match(url, { cacheName: name, ignoreVary: true })) ??
    (await caches.match(url, { ignoreVary: true })) ??
    fetch(request)
  );
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (url.pathname.startsWith(shell)) event.respondWith(kept(request, shell));
    return;
  }
  if (url.pathname.startsWith('/assets/') || list.some((one) => one.url === url.pathname)) {
    event.respondWith(kept(request, url.pathname));
  }
});

export {};
