import { engine } from './engine.mjs';
import { part, phone, slowed, unlock } from './stage.mjs';

/** Something was sealed where there is no network, and the app is open; then there is a signal. How long it takes until nothing is unsent, and its bytes. */
export async function signal() {
  const { context, page } = await phone();
  await context.setOffline(true);
  const sealing = await engine(context);
  const sealed = part.paper
    ? await sealing.paper(part.paper)
    : await sealing.visits(part.visits, part.records, part.photos);
  await sealing.close();
  await slowed(page);
  await unlock(page);
  await context.setOffline(false); // a page that has a second session of DevTools, the slow one, forgets on its way that it was told (Chromium 156)
  await context.setOffline(true);
  await page.evaluate(listen);
  await fetch(part.signal); // the line
  await context.setOffline(false); // what the phone knows of it
  const heard = await page.evaluate(() => globalThis.heard);
  await context.close();
  return { ...sealed, ...heard };
}

/** Runs in the page: from the first signal until the strip says that the server has all of it. */
function listen() {
  /** An answer is one; before it, TCP is one and TLS another where the connection is new. */
  const trips = ({ connectStart, connectEnd, secureConnectionStart }) =>
    1 + (connectEnd > connectStart ? 1 : 0) + (connectEnd > connectStart && secureConnectionStart > 0 ? 1 : 0);
  globalThis.heard = new Promise((done, fail) => {
    setTimeout(() => fail(new Error('five minutes, and the strip does not say that all is with the server')), 300_000);
    addEventListener('online', () => {
      const begun = performance.now();
      new MutationObserver((_, watch) => {
        if (!document.querySelector('.fd-strip--good')) return;
        watch.disconnect();
        const heard = performance
          .getEntriesByType('resource')
          .filter(({ name, responseStart }) => name.includes('/api/') && responseStart > begun);
        done({ took: performance.now() - begun, trips: heard.reduce((sum, one) => sum + trips(one), 0) });
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
  });
}
