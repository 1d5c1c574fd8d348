// Drives the field app's service worker in a real Chromium, for server/worker_test.go, which gives two addresses: the site's, and one by which the
// site is made to die, to change, or to be taken for a hotel's sign-in page. Prints what is wrong, a line each; nothing when all is well.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const say = (line) => process.stdout.write(`${line}\n`);
const [site, control, executablePath] = process.argv.slice(2);
const profile = mkdtempSync(path.join(tmpdir(), 'tachiai-worker-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

const make = async (state) => {
  const answer = await fetch(`${control}/${state}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${state}: ${answer.status}`);
  return answer.text();
};
const want = (what, got, wanted) => {
  if (JSON.stringify(got) !== JSON.stringify(wanted))
    say(`${what}: ${JSON.stringify(got)}, want ${JSON.stringify(wanted)}`);
};
const open = async (where) => {
  const page = await browser.newPage();
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy') || message.text().includes('TrustedScript'))
      say(message.text());
  });
  await page.goto(site + where, { waitUntil: 'load', timeout: 60_000 });
  return page;
};
const caches = (page) => page.evaluate(() => globalThis.caches.keys());
const kept = (page) =>
  page.evaluate(async () => {
    const names = await globalThis.caches.keys();
    return Promise.all(names.map(async (name) => (await (await globalThis.caches.open(name)).keys()).length));
  });
const version = (page) => page.evaluate(() => document.querySelector('meta[name="test-version"]')?.content);
const state = (page) =>
  page.evaluate(async () => {
    const r = await navigator.serviceWorker.getRegistration('/field/');
    return { waiting: r?.waiting != null, controlled: navigator.serviceWorker.controller !== null };
  });
/** Asks for a new version, as the browser does by itself now and then. */
const update = (page) =>
  page.evaluate(() =>
    navigator.serviceWorker
      .getRegistration('/field/')
      .then((r) => r?.update())
      .then(
        () => undefined,
        () => undefined,
      ),
  );
/** The version that waits, as it says itself. */
const waiting = (page) =>
  page.evaluate(async () => {
    const r = await navigator.serviceWorker.getRegistration('/field/');
    return new Promise((done) => {
      setTimeout(() => done(undefined), 2000);
      navigator.serviceWorker.addEventListener('message', ({ data }) => {
        if (data.type === 'version') done(data.version);
      });
      r?.waiting?.postMessage({ type: 'version' });
    });
  });
/** Lets the browser say that there is a network again: what the page hears, and what the worker has asked the server for meanwhile. */
const synced = async (page) => {
  const cdp = await browser.newCDPSession(page);
  const registered = new Promise((done) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.findLast(({ scopeURL, isDeleted }) => scopeURL === `${site}/field/` && !isDeleted);
      if (ours) done(ours.registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  const registrationId = await registered;
  let asked = 0;
  const count = (request) => {
    if (request.serviceWorker()) asked++;
  };
  browser.on('request', count);
  await page.evaluate(() => {
    globalThis.heard = new Promise((done) => {
      setTimeout(() => done('nothing'), 60_000);
      navigator.serviceWorker.addEventListener('message', ({ data }) => data.type === 'sync' && done(data.type));
    });
  });
  await cdp.send('ServiceWorker.dispatchSyncEvent', { origin: site, registrationId, tag: 'outbox', lastChance: false });
  const type = await page.evaluate(() => globalThis.heard);
  browser.off('request', count);
  await cdp.detach();
  return [type, asked];
};
const until = async (what, check) => {
  for (let n = 0; n < 1200; n++) {
    if (await check()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  say(`${what}: not within a minute`);
};

try {
  // The first visit happens behind a sign-in page that answers 200 to everything but the page itself: nothing of it is kept.
  await make('portal');
  const nothingKept = async (page) => {
    await page.waitForTimeout(1500);
    await until('nothing is kept after a sign-in page', async () => (await kept(page)).length === 0);
  };
  const portal = await open('/field/');
  await nothingKept(portal);
  // Neither is what an installation has left that was killed half-way.
  await portal.evaluate(async () => {
    const [name] = /\b3rd[0-9a-f]{9}\b/.exec(await (await fetch('/field/sw.js')).text());
    const half = await caches.open(`field-${name}`);
    await half.put('/field/', new Response('half'));
  });
  await portal.reload();
  await nothingKept(portal);
  await portal.close();

  await make('old');
  const page = await open('/field/');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await until('the worker controls the page', async () => (await state(page)).controlled);
  want('version', await version(page), 'old');
  want('one cache', (await caches(page)).length, 1);

  // L07: what is sent goes past the worker, byte for byte.
  const sent = await page.evaluate(() =>
    fetch('/api/echo', { method: 'POST', body: 'x'.repeat(100_000) }).then((r) => r.text()),
  );
  want('L07 bytes of a POST', sent, '100000');

  // Background Sync wakes the page, and the worker asks the server for nothing (L07).
  want('what Background Sync brings, and asks for', await synced(page), ['sync', 0]);

  // Dead server: the app opens, at any of its addresses; the API is not answered out of a cache.
  await make('dead');
  const cold = await open('/field/case/0190c5f6?from=list');
  want('version, server dead', await version(cold), 'old');
  await until('something is drawn, server dead', () =>
    cold.evaluate(() => (document.getElementById('app')?.childElementCount ?? 0) > 0),
  );
  want(
    'API, server dead',
    await cold.evaluate(() =>
      fetch('/api/field/v1/feed').then(
        (r) => r.status,
        () => 'failed',
      ),
    ),
    'failed',
  );
  await cold.close();

  // L18: a new version while a page is open waits, however often pages are opened; the open page stays what it is.
  await make('new');
  await page.evaluate(() =>
    navigator.serviceWorker
      .getRegistration('/field/')
      .then((r) => r?.update())
      .then(() => undefined),
  );
  await until('L18 the new version waits', async () => (await state(page)).waiting);
  want('L18 two caches', (await caches(page)).length, 2);
  const second = await open('/field/');
  want('L18 version while an older page is open', await version(second), 'old');
  want('L18 the new version still waits', (await state(second)).waiting, true);
  await second.close();

  // L18: a sign-in page in the middle of an update leaves both versions as they were.
  await make('portal');
  await update(page);
  await page.waitForTimeout(500);
  await until('L18 two caches after a sign-in page', async () => (await caches(page)).length === 2);

  // The server goes back to the version that is at work, while half of the network fails: the app at work still opens.
  await make('back');
  await update(page);
  await page.waitForTimeout(500);
  await make('dead');
  const back = await open('/field/');
  want('version when the server went back, and died', await version(back), 'old');
  await back.close();

  // It begins when the page says so; then the server may die again.
  await make('new');
  await update(page);
  await until('the new version waits again', async () => (await waiting(page))?.startsWith('new'));
  await page.evaluate(
    () =>
      new Promise((done) => {
        setTimeout(done, 60_000);
        navigator.serviceWorker.addEventListener('controllerchange', () => done(undefined), { once: true });
        void navigator.serviceWorker
          .getRegistration('/field/')
          .then((r) => r?.waiting?.postMessage({ type: 'activate' }));
      }),
  );
  await make('dead');
  const renewed = await open('/field/');
  want('version after the update, server dead', await version(renewed), 'new');
} catch (fault) {
  say(String(fault));
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
