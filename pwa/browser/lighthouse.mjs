// Lighthouse on a screen of each audience, as it stands for somebody who uses it: accessibility and best practices, 95 or more. For make look.
import { createServer } from 'node:net';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { house } from './look/house.mjs';

const [program, tools, executablePath] = process.argv.slice(2).map((arg, n) => (n < 2 ? path.resolve(arg) : arg));
const { snapshot } = await import(path.join(tools, 'node_modules/lighthouse/core/index.js'));
const { default: puppeteer } = await import(
  path.join(tools, 'node_modules/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js')
);

const wanted = 95;
const pin = '280147';
const port = await new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});
const h = await house(program);
const context = await chromium.launchPersistentContext(path.join(h.dir, 'profile'), {
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
  viewport: { width: 360, height: 640 },
  locale: 'ja-JP',
});
const judge = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}`, defaultViewport: null });
let faults = 0;

const open = async (where) => {
  const page = await context.newPage();
  await page.goto(where);
  return page;
};
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Judges what stands on a page. */
async function score(name, page) {
  await page.locator('h1').first().waitFor();
  const same = (await judge.pages()).find((one) => one.url() === page.url());
  const { lhr } = await snapshot(same, {
    flags: {
      onlyCategories: ['accessibility', 'best-practices'],
      formFactor: 'mobile',
      screenEmulation: { disabled: true },
    },
  });
  const scores = Object.values(lhr.categories).map(({ title, score }) => [title, Math.round(score * 100)]);
  process.stdout.write(`${name}: ${scores.map(([title, points]) => `${title} ${points}`).join(', ')}\n`);
  if (scores.every(([, points]) => points >= wanted)) return;
  faults++;
  for (const { id, score, title } of Object.values(lhr.audits))
    if (score !== null && score < 1) process.stdout.write(`  ${id}: ${title}\n`);
}

try {
  const demo = await h.demo();

  const phone = await open(h.links.rep);
  await score('the phone, enrolling', phone);
  await press(phone, '登録する');
  await press(phone, '次へ');
  for (let n = 0; n < 2; n++) await press(phone, 'いまは許可しない');
  await press(phone, '保存の保護を求める');
  await press(phone, '次へ');
  await phone.getByLabel(/^暗証番号\(/).fill(pin);
  await phone.getByLabel('もう一度入力').fill(pin);
  await press(phone, '暗証番号を設定する');
  await phone.locator('.fd-card').waitFor();
  await score('the phone, today', phone);
  await phone.locator('.fd-card').click();
  await phone.getByRole('link', { name: '訪問を開始' }).waitFor();
  await score('the phone, a case', phone);
  await phone.close();

  const office = await open(h.links.reviewer);
  await press(office, 'サインインする');
  await press(office, '始める');
  await office.getByRole('navigation').first().waitFor();
  await score('the office, 審査箱', office);
  await office.close();

  const [, link, passcode] = /(http\S+\/d\/\S+)\s+\S+ passcode: +(\d{8})/.exec(demo);
  const letter = await open(link);
  await score('the client, the door', letter);
  await letter.locator('input').fill(passcode);
  await letter.keyboard.press('Enter');
  await letter.locator('.letter').waitFor();
  await score('the client, the letter', letter);
} finally {
  await judge.disconnect();
  await context.close();
  await h.gone();
}
process.exitCode = faults > 0 ? 1 : 0;
