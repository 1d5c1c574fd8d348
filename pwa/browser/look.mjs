// Takes pictures of every screen, on a phone and on a desk, by day and by night: `make look`. It starts the built program with a data directory of its
// own, lets the demo play, walks through office, doors and letter, and then plays the story on the phone. The pictures lie in look-out/; people judge them. What axe has against a screen, in
// either language, is printed, and is a failure.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { camera } from './look/camera.mjs';
import { house } from './look/house.mjs';
import { story } from './look/story.mjs';
import { one, signIn, walk } from './look/walk.mjs';

const [program, out, executablePath] = process.argv.slice(2).map((arg, n) => (n < 2 ? path.resolve(arg) : arg));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const shots = camera(out);
// LANGUAGE: what the browser itself writes, in date fields, is Japanese too
const browser = await chromium.launch({
  env: { ...process.env, LANGUAGE: 'ja' },
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
});
const h = await house(program);
const photo = path.join(h.dir, 'photo.jpg');
let stage;
try {
  const { site } = h;
  const demo = await h.demo();
  const journal = path.join(h.dir, 'demo-out', 'journal-A');
  copyFileSync(
    path.join(
      journal,
      readdirSync(journal).find((name) => name.endsWith('.blob')),
    ),
    photo,
  );
  for (const role of ['reviewer', 'admin'])
    await walk(browser, shots, {
      site,
      realm: 'office',
      name: `office-${role}`,
      from: '/office/',
      state: await signIn(browser, h.links[role]),
    });
  await one(browser, shots, 'office-door', `${site}/office/`);
  await one(browser, shots, 'office-link', h.links.approver);
  await one(browser, shots, 'field-door', `${site}/field/`);
  await one(browser, shots, 'client-gate', `${site}/d/a.b.c`);
  await one(browser, shots, 'client-cut', `${site}/d/a`);
  await one(browser, shots, 'copy-gate', `${site}/k#${'A'.repeat(43)}`);

  const opened = (number) => async (page) => {
    await page.fill('input', number);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.letter');
  };
  const [, letter, passcode] = /(http\S+\/d\/\S+)\s+\S+ passcode: +(\d{8})/.exec(demo);
  await one(browser, shots, 'client-wrong', letter, async (page) => {
    await page.fill('input', '00000000');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ta-notice');
  });
  await one(browser, shots, 'client-letter', letter, opened(passcode));
  await one(browser, shots, 'client-letter-checks', letter, async (page) => {
    await opened(passcode)(page);
    await page.click('.checks__line');
  });
  const [, copy, code] = /(http\S+\/k#\S+) +\((\d+)\)/.exec(demo);
  await one(browser, shots, 'copy-letter', copy, opened(code));
  stage = await house(program); // now: its one-time links live ten minutes
  await story(stage, { chromium: executablePath, pictures: out, photo });
} finally {
  await browser.close();
  await h.gone();
  await stage?.gone();
}
process.stdout.write(
  `${shots.taken} pictures in ${path.relative(process.cwd(), out)}, ${shots.faults.length} faults\n`,
);
if (shots.faults.length > 0) process.exitCode = 1;
