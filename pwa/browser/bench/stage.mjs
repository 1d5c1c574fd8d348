// What every act has: a phone whose disk is kept from act to act, a processor slowed down to a quarter, and the page's own clock.
import { chromium } from 'playwright-core';

/** What Go told this act: see bench/browser.go. */
export const part = JSON.parse(process.argv[3]);

export const settings = {
  executablePath: part.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', ...(part.args ?? [])],
  locale: 'ja-JP',
};

const pin = '280147';
const lockField = 'input[type=password]';

/** The phone, started anew as after a night; its app is not open yet. */
export async function phone() {
  const context = await chromium.launchPersistentContext(part.profile, {
    ...settings,
    viewport: { width: 360, height: 640 },
    hasTouch: true,
    geolocation: { latitude: 35.6581, longitude: 139.7016, accuracy: 12 },
    permissions: ['geolocation'],
  });
  return { context, page: context.pages()[0] };
}

export const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Chooses a PIN, which from then on encrypts what the phone keeps. */
export async function choosePIN(page) {
  await page.getByLabel(/^暗証番号\(/).fill(pin);
  await page.getByLabel('もう一度入力').fill(pin);
  await press(page, '暗証番号を設定する');
}

/** Opens the app, gives the PIN, and comes to what is shown then; gives how long the lock and what lies behind it took. */
export async function unlock(page, shown = '.fd-card') {
  await appears(page, lockField, shown);
  await page.goto(`${part.site}/field/`);
  await page.locator(lockField).fill(pin);
  const pressed = await page.evaluate((button) => {
    const begun = performance.now();
    [...document.querySelectorAll('button')].find((one) => one.textContent === button).click();
    return begun;
  }, 'ロックを解除');
  await page.locator(shown).first().waitFor();
  return { locked: await appeared(page, lockField), unlocked: (await appeared(page, shown)) - pressed };
}

/** The same lock, without the app: who drives the engine alone needs it too. */
export const pinOf = () => pin;

/** Goes to another screen of the app, as a tap on a link does. */
export const follow = (page, where) =>
  page.evaluate((address) => {
    const link = document.createElement('a');
    link.href = address;
    document.body.append(link);
    link.click();
    link.remove();
  }, where);

/** From now on the page's own thread has a quarter of the processor; workers, network and WebCrypto keep all of it. */
export async function slowed(page, rate = 4) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate });
}

/** Notes on the page's clock when what a selector names is on the screen and the page answers again: painted, and nothing in the way of a tap. */
export const appears = (page, ...selectors) =>
  page.addInitScript((all) => {
    const seen = new Set();
    const look = () => {
      for (const selector of all) {
        if (seen.has(selector) || !document.querySelector(selector)) continue;
        seen.add(selector);
        requestAnimationFrame(() => setTimeout(() => performance.mark(selector)));
      }
      if (seen.size < all.length) requestAnimationFrame(look);
    };
    look();
  }, selectors);

export async function appeared(page, selector) {
  await page.waitForFunction((mark) => performance.getEntriesByName(mark).length > 0, selector);
  return page.evaluate((mark) => performance.getEntriesByName(mark)[0].startTime, selector);
}
