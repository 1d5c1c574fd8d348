// Takes pictures of every screen that it finds, on a phone and on a desk, by day and by night: `make look`. It starts the built program with a data
// directory of its own, lets the demo play, signs in as reviewer and as administrator, and follows the links of each realm, one page of each shape.
// The pictures lie in look-out/; nothing judges them but people.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const say = (line) => process.stdout.write(`${line}\n`);
const [program, out, executablePath] = process.argv.slice(2).map((arg, n) => (n < 2 ? path.resolve(arg) : arg));
const sizes = { phone: { width: 360, height: 640 }, desk: { width: 1280, height: 800 } };
const schemes = ['light', 'dark'];
const maxPages = 40;

const port = await new Promise((done) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(port));
  });
});
const site = `http://localhost:${port}`;
const home = mkdtempSync(path.join(tmpdir(), 'tachiai-look-'));
const env = {
  ...process.env,
  LISTEN: `127.0.0.1:${port}`,
  PUBLIC_URL: site,
  DATA_DIR: path.join(home, 'var'),
  CHECKPOINT_INTERVAL: '1s',
};

/** Runs the program and gathers what it prints, until it prints what is waited for or ends. */
const run = (command, until) =>
  new Promise((done, fail) => {
    const child = spawn(program, [command], { env, cwd: home, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      if (until?.test(said)) done({ child, said });
    });
    child.on('exit', (code) =>
      code === 0 ? done({ child, said }) : fail(new Error(`${command} ended with ${code}\n${said}`)),
    );
  });

const server = await run('serve', /Ctrl-C/);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
const taken = [];

const context = (size, colorScheme, storageState) =>
  browser.newContext({ viewport: sizes[size], colorScheme, locale: 'ja-JP', storageState, serviceWorkers: 'block' });
const settle = async (page) => {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForTimeout(300);
};
const shoot = async (page, realm, name, size, scheme) => {
  const file = `${realm}${name.replaceAll(/[^a-z0-9]+/gi, '-').replace(/-$/, '') || '-home'}.${size}.${scheme}.png`;
  await page.screenshot({ path: path.join(out, file), fullPage: true });
  const overflows = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (overflows) say(`${file}: wider than the screen`);
  taken.push(file);
};
/** The shape of an address: ids of one kind look alike. */
const shape = (where) => where.replaceAll(/[0-9a-f-]{36}|[A-Za-z0-9_-]{43}|[0-9a-f]{64}/g, 'id');

/** Follows links within a realm, breadth first, one page of each shape, and takes each in every size by day and by night. */
async function walk(realm, name, from, state) {
  const scout = await (await context('desk', 'light', state)).newPage();
  const found = new Map([[shape(from), from]]);
  for (const where of found.values()) {
    await scout.goto(site + where);
    await settle(scout);
    const links = await scout.evaluate(() =>
      [...document.querySelectorAll('a[href^="/"]')].map((a) => a.getAttribute('href')),
    );
    for (const link of links) {
      const bare = link.split('#')[0];
      if (bare.startsWith(`/${realm}/`) && !found.has(shape(bare)) && found.size < maxPages)
        found.set(shape(bare), bare);
    }
  }
  await scout.context().close();
  for (const size of Object.keys(sizes)) {
    for (const scheme of schemes) {
      const page = await (await context(size, scheme, state)).newPage();
      for (const [like, where] of found) {
        await page.goto(site + where);
        await settle(page);
        await shoot(page, name, like.slice(realm.length + 1), size, scheme);
      }
      await page.context().close();
    }
  }
}

/** Opens one address in every size by day and by night, does something there, and takes it. */
async function each(name, where, act = async () => undefined) {
  for (const size of Object.keys(sizes)) {
    for (const scheme of schemes) {
      const page = await (await context(size, scheme)).newPage();
      await page.goto(site + where);
      await act(page);
      await settle(page);
      await shoot(page, name, '', size, scheme);
      await page.context().close();
    }
  }
}

/** Signs in by a one-time link and gives the session. */
async function signIn(link) {
  const desk = await context('desk', 'light');
  const page = await desk.newPage();
  await page.goto(link);
  await settle(page);
  const enter = page.locator('.ta-button--primary').first(); // opening the link alone uses nothing up
  if (await enter.isVisible()) await enter.click();
  await settle(page);
  const state = await desk.storageState();
  await desk.close();
  return state;
}

try {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const demo = await run('demo');
  const links = [...server.said.matchAll(/(\w+) +\S+\s+(http\S+\/enrol#\S+)/g)].map(([, role, link]) => [role, link]);
  for (const role of ['reviewer', 'admin']) {
    const link = links.find(([known]) => known === role)?.[1];
    if (link !== undefined) await walk('office', `office-${role}`, '/office/', await signIn(link));
  }
  await each('office-door', '/office/');
  await each('field-door', '/field/');
  await walk('field', 'field', '/field/', undefined);
  await each('client-gate', '/d/a.b.c');
  await each('client-cut', '/d/a');
  await each('copy-gate', `/k#${'A'.repeat(43)}`);
  const letter = /\/d\/[\w-]+\.[\w-]+\.[\w-]+/.exec(demo.said)?.[0];
  const passcode = /\b([0-9]{4})[ -]?([0-9]{4})\b(?!-)/.exec(
    demo.said.slice(demo.said.indexOf(letter ?? '\0') + (letter?.length ?? 0)),
  );
  if (letter !== undefined && passcode !== null) {
    await each('client-letter', letter, async (page) => {
      await page.fill('input', passcode[1] + passcode[2]);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.letter');
    });
  }
  say(`${taken.length} pictures in ${path.relative(process.cwd(), out)}`);
} finally {
  await browser.close();
  server.child.kill('SIGINT');
  await new Promise((done) => server.child.on('exit', done));
  rmSync(home, { recursive: true, force: true });
}
