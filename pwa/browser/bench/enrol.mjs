import { choosePIN, part, phone, press } from './stage.mjs';

/** A phone is enrolled, gets its cases by the feed, and keeps the app for when there is no network. */
export async function enrol() {
  const { context, page } = await phone();
  await page.goto(part.link);
  await press(page, '登録する');
  await press(page, '次へ');
  for (let n = 0; n < 3; n++) await press(page, 'いまは許可しない');
  await choosePIN(page);
  await page.locator('.fd-card').first().waitFor();
  await page.waitForFunction(casesKept, part.cases, { polling: 200 });
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active.state !== 'activated') await new Promise((done) => setTimeout(done, 50));
  });
  await context.close();
  return {};
}

/** Runs in the page: so many cases lie on the phone. */
function casesKept(wanted) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open('tachiai');
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const keys = opening.result.transaction('cache').objectStore('cache').getAllKeys();
      keys.onerror = () => fail(keys.error);
      keys.onsuccess = () => {
        opening.result.close();
        done(keys.result.filter(([, , type]) => type === 'case').length >= wanted);
      };
    };
  });
}
