// Takes a screen as it stands, on a phone and on a desk, by day and by night, and lets axe judge it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sizes = { phone: { width: 360, height: 640 }, desk: { width: 1280, height: 800 } };
const schemes = ['light', 'dark'];

/** A camera that leaves its pictures in a folder. */
export function camera(folder) {
  const faults = [];
  let taken = 0;
  const fault = (name, text) => {
    const line = `${name}: ${text}`;
    if (faults.includes(line)) return;
    faults.push(line);
    process.stdout.write(`${line}\n`);
  };

  /** What axe has against the screen. */
  async function judge(page, name) {
    if (await page.evaluate(() => globalThis.axe === undefined)) await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] });
      return violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id} ${n.target} ${n.failureSummary}`));
    });
    for (const one of found) fault(name, one);
  }

  return {
    faults,
    get taken() {
      return taken;
    },
    /** Takes the screen in every size and light, and leaves the page as it found it. English screens are judged alike, and taken once. */
    async take(page, name, isEnglish = false) {
      const before = page.viewportSize();
      const theme = await page.evaluate(() => document.documentElement.dataset.theme ?? '');
      for (const [size, viewport] of Object.entries(sizes)) {
        await page.setViewportSize(viewport);
        for (const scheme of schemes) {
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          if (theme) await dress(page, scheme);
          await page.evaluate(settled);
          const file = `${name}${isEnglish ? '.en' : ''}.${size}.${scheme}`;
          if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
            fault(file, 'wider than the screen');
          if (size === 'phone' || scheme === 'light') await judge(page, file);
          if (isEnglish && (size !== 'phone' || scheme !== 'light')) continue;
          await page.screenshot({ path: path.join(folder, `${file}.png`), fullPage: true });
          taken++;
        }
      }
      if (theme) await dress(page, theme);
      await page.emulateMedia({ colorScheme: null });
      await page.setViewportSize(before);
    },
  };
}

const dress = (page, theme) =>
  page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);

/** Runs in the page: pictures far below are fetched too, and what was asked for is drawn. */
async function settled() {
  for (const picture of document.images) picture.loading = 'eager';
  await Promise.all([...document.images].map((picture) => picture.decode().catch(() => undefined)));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}
