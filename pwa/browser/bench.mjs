// Measures the screens in a real Chromium for bench/screens.go: one act a run, told in JSON, answered in JSON with the times in milliseconds. A
// person's typing is never measured, and everything is taken by the page's own clock.
import { chromium } from 'playwright-core';

const [act, told] = process.argv.slice(2);
const part = JSON.parse(told);
const settings = {
  executablePath: part.chromium,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  locale: 'ja-JP',
};
const pin = '280147';
const phone = () =>
  chromium.launchPersistentContext(part.profile, {
    ...settings,
    viewport: { width: 360, height: 640 },
    geolocation: { latitude: 35.6581, longitude: 139.7016, accuracy: 12 },
    permissions: ['geolocation'],
  });

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Notes, on the page's clock, when what a selector names is first there. */
const when = (page, ...marks) =>
  page.addInitScript((all) => {
    const look = () => {
      for (const selector of all) {
        if (document.querySelector(selector) && performance.getEntriesByName(selector).length === 0)
          performance.mark(selector);
      }
      requestAnimationFrame(look);
    };
    look();
  }, marks);
const marked = (page, name) => page.evaluate((mark) => performance.getEntriesByName(mark)[0].startTime, name);

const acts = {
  /** A phone is enrolled and gets its cases; then notes are kept, and bare writes of as many bytes beside them. */
  async save() {
    const context = await phone();
    const page = context.pages()[0];
    await page.goto(part.link);
    await press(page, '登録する');
    await press(page, '次へ');
    for (let n = 0; n < 3; n++) await press(page, 'いまは許可しない');
    await page.getByLabel(/^暗証番号\(/).fill(pin);
    await page.getByLabel('もう一度入力').fill(pin);
    await press(page, '暗証番号を設定する');
    await page.waitForFunction((n) => document.querySelectorAll('.fd-card').length >= n, part.cases);
    await page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready;
      while (active.state !== 'activated') await new Promise((done) => setTimeout(done, 50));
    });
    const saved = [];
    const bare = [];
    for (let n = 0; n < part.samples; n++) {
      await page.evaluate((where) => {
        const link = document.createElement('a');
        link.href = where;
        document.body.append(link);
        link.click();
        link.remove();
      }, `/field/case/${part.case}/note`);
      await page.locator('textarea').fill(`呼び鈴を${n + 1}回鳴らしたが応答なし。室内灯は点いている。`);
      saved.push(
        await page.evaluate(
          ([button, words]) =>
            new Promise((done) => {
              const keep = [...document.querySelectorAll('button')].find((one) => one.textContent === button);
              const said = () =>
                [...document.querySelectorAll('.ta-notice')].some((one) => one.textContent.includes(words));
              const begun = performance.now();
              new MutationObserver((_, watch) => {
                if (!said()) return;
                watch.disconnect();
                done(performance.now() - begun);
              }).observe(document.body, { subtree: true, childList: true, characterData: true });
              keep.click();
            }),
          ['記録する', 'メモを記録しました'],
        ),
      );
      bare.push(
        await page.evaluate(
          (bytes) =>
            new Promise((done, fail) => {
              const opening = indexedDB.open('bench', 1);
              opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
              opening.onerror = () => fail(opening.error);
              opening.onsuccess = () => {
                const row = crypto.getRandomValues(new Uint8Array(bytes));
                const begun = performance.now();
                const tx = opening.result.transaction('rows', 'readwrite', { durability: 'strict' });
                tx.objectStore('rows').add(row);
                tx.oncomplete = () => {
                  done(performance.now() - begun);
                  opening.result.close();
                };
                tx.onerror = () => fail(tx.error);
              };
            }),
          2048,
        ),
      );
    }
    // what was sealed reaches the server before it is stopped, or not; the list is the same
    await context.close();
    return { saved, bare };
  },

  /** The server is dead: the browser is started anew each time, the app opened, the PIN given, the list there. */
  async cold() {
    const locked = [];
    const unlocked = [];
    for (let n = 0; n < part.samples; n++) {
      const context = await phone();
      const page = context.pages()[0];
      await when(page, 'input[type=password]', '.fd-card');
      await page.goto(`${part.site}/field/`);
      await page.locator('input[type=password]').waitFor();
      locked.push(await marked(page, 'input[type=password]'));
      await page.locator('input[type=password]').fill(pin);
      const pressed = await page.evaluate((button) => {
        const begun = performance.now();
        [...document.querySelectorAll('button')].find((one) => one.textContent === button).click();
        return begun;
      }, 'ロックを解除');
      await page.locator('.fd-card').first().waitFor();
      unlocked.push((await marked(page, '.fd-card')) - pressed);
      await context.close();
    }
    return { locked, unlocked };
  },

  /** A link is opened again and again; every second time the page's processor is slowed down to a quarter. */
  async link() {
    const browser = await chromium.launch(settings);
    const letter = [];
    const verified = [];
    const slowly = [];
    for (let n = 0; n < part.samples; n++) {
      for (const rate of [1, 4]) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'ja-JP' });
        const page = await context.newPage();
        await when(page, '.letter');
        await page.goto(part.link, { waitUntil: 'networkidle' });
        const throttle = await context.newCDPSession(page);
        await throttle.send('Emulation.setCPUThrottlingRate', { rate });
        await page.fill('input', part.passcode);
        const pressed = await page.evaluate(() => {
          const begun = performance.now();
          document.querySelector('button[type=submit]').click();
          return begun;
        });
        await page.locator('.letter').waitFor();
        const line = await page.locator('.checks__words h2').textContent();
        if (!line.startsWith('検証: 合格')) throw new Error(line);
        const took = await page.evaluate(() => performance.getEntriesByName('verification')[0].duration);
        if (rate === 1) {
          verified.push(took);
          letter.push((await marked(page, '.letter')) - pressed);
        } else slowly.push(took);
        await context.close();
      }
    }
    await browser.close();
    return { letter, verified, slowly };
  },
};

process.stdout.write(JSON.stringify(await acts[act]()));
process.exit();
