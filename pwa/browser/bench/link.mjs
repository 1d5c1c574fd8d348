import { chromium } from 'playwright-core';
import { appeared, appears, part, settings, slowed } from './stage.mjs';

/** A link is opened again and again; every second time the page's processor is slowed down to a quarter. */
export async function link() {
  const browser = await chromium.launch(settings);
  const letter = [];
  const verified = [];
  const slowly = [];
  for (let n = 0; n < part.samples; n++) {
    for (const rate of [1, 4]) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'ja-JP' });
      const page = await context.newPage();
      await appears(page, '.letter');
      await page.goto(part.link, { waitUntil: 'networkidle' });
      await slowed(page, rate);
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
        letter.push((await appeared(page, '.letter')) - pressed);
      } else slowly.push(took);
      await context.close();
    }
  }
  await browser.close();
  return { letter, verified, slowly };
}
