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

/**
 * Opens the app, gives the PIN, and comes to what is shown then; gives how long the lock and what lies behind it took. Until that is there, nothing
 * of the driver runs in the page: its own script is large, and a slowed page would be kept waiting by it.
 */
export async function unlock(page, shown = '.fd-card') {
  await appears(page, lockField, shown);
  await page.addInitScript(enter, [lockField, pin, 'ロックを解除']);
  await page.goto(`${part.site}/field/`);
  await seen(page, shown);
  const pressed = await page.evaluate(() => performance.getEntriesByName('pressed')[0].startTime);
  return { locked: await appeared(page, lockField), unlocked: (await appeared(page, shown)) - pressed };
}

/** Runs in the page: types the PIN into the lock when it is there, and presses the button a while later. */
function enter([field, typed, button]) {
  const wait = setInterval(() => {
    if (performance.getEntriesByName(field).length === 0) return;
    clearInterval(wait);
    const box = document.querySelector(field);
    box.value = typed;
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
    setTimeout(() => {
      performance.mark('pressed');
      [...document.querySelectorAll('button')].find((one) => one.textContent === button).click();
    }, 300);
  }, 20);
}

/** Waits for a mark from outside of the page. */
async function seen(page, mark) {
  const devtools = await page.context().newCDPSession(page);
  const expression = `performance.getEntriesByName(${JSON.stringify(mark)}).length`;
  for (let n = 0; n < 600; n++) {
    const { result } = await devtools.send('Runtime.evaluate', { expression });
    if (result.value > 0) return devtools.detach();
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${mark} never appears`);
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
