// The stage of the story: browsers that are watched, screens that are judged, and a server that can be killed.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';

/** What Go told us: see part in e2e/story. */
export const part = JSON.parse(process.argv[2]);
export const isJapanese = part.language === 'ja';

const begun = Date.now();

/** A fault is a line; the test has passed when there is none. */
export const say = (line) => process.stdout.write(`${line}\n`);

export function want(what, got, wanted) {
  if (got !== wanted) say(`${what}: ${JSON.stringify(got)}, want ${JSON.stringify(wanted)}`);
}

export function holds(what, text, part) {
  if (!text?.includes(part)) say(`${what}: ${JSON.stringify(text)} does not say ${JSON.stringify(part)}`);
}

/** Lets something happen to the server or to what it keeps. */
export async function fate(deed) {
  const answer = await fetch(`${part.control}/${deed}`, { method: 'POST' });
  if (!answer.ok) throw new Error(`${deed}: ${await answer.text()}`);
}

const settings = {
  executablePath: part.chromium,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
  ],
};
const locale = isJapanese ? 'ja-JP' : 'en-GB';
export const phoneSize = { width: 360, height: 640 };
export const deskSize = { width: 1280, height: 800 };

/** The browser of office and recipient; each person has a context. */
let desk;

/** A person with a browser of his own, who may come back with what he had. */
export async function person(who, viewport) {
  desk ??= await chromium.launch(settings);
  const context = await desk.newContext({ viewport, locale, acceptDownloads: true });
  return watched(who, context);
}

/** The phone: its profile is kept from one start to the next. */
export async function phoneAt(dir) {
  const context = await chromium.launchPersistentContext(dir, {
    ...settings,
    viewport: phoneSize,
    deviceScaleFactor: 2,
    hasTouch: true,
    locale,
    geolocation: { latitude: 35.65812, longitude: 139.70158, accuracy: 12 },
    permissions: ['geolocation'],
  });
  return watched('phone', context);
}

export async function closeDesk() {
  await desk?.close();
}

const all = [];

/** Everything that a page asks for, breaks or forbids is seen. */
async function watched(who, context) {
  context.setDefaultTimeout(60_000);
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`securitypolicyviolation: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  const site = new URL(part.site).origin;
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const isSentOn = request.redirectedFrom() !== null; // by a portal: the app does not go there
    if (protocol !== 'blob:' && protocol !== 'data:' && origin !== site && !isSentOn)
      say(`${who} asks ${request.url()}`);
  });
  context.on('response', (answer) => {
    const { protocol, origin } = new URL(answer.url());
    if (protocol.startsWith('http') && origin !== site) say(`${who} is answered by ${answer.url()}`);
  });
  context.on('weberror', (fault) => say(`${who} at ${fault.page()?.url()}: ${fault.error().stack || fault.error()}`));
  context.on('console', (message) => {
    const text = message.text();
    if (/securitypolicyviolation|Content Security Policy|TrustedScript|TrustedHTML/i.test(text)) say(`${who}: ${text}`);
  });
  const page = context.pages()[0] ?? (await context.newPage());
  all.push({ who, page });
  return { who, context, page };
}

let shots = 0;

async function shoot(page, name) {
  if (!part.pictures) return;
  const file = `${part.language}-${String(++shots).padStart(2, '0')}-${name.replaceAll(/\W+/g, '-')}`;
  const before = page.viewportSize();
  for (const size of part.bothSizes ? [phoneSize, deskSize] : [before]) {
    if (part.bothSizes) await page.setViewportSize(size);
    const suffix = part.bothSizes ? (size === phoneSize ? '.phone' : '.desk') : '';
    await page.screenshot({ path: path.join(part.pictures, `${file}${suffix}.png`), fullPage: true });
  }
  if (part.bothSizes) await page.setViewportSize(before);
  mark(name);
}

/** Pictures of where everybody stands, for who looks for what went wrong. */
export async function shootAll() {
  for (const { who, page } of all) if (!page.isClosed()) await shoot(page, `end-${who}`).catch(() => undefined);
}

/** How long it took to come here, for who wants to know. */
export function mark(chapter) {
  if (part.pictures) process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(1)} s  ${chapter}\n`);
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Screens that were judged already. */
const seen = new Set();

/**
 * Judges the screen as it stands, the first time that it is come by: nothing is wider than the screen, and axe has nothing against it by day or by
 * night. Axe judges the Japanese screens: the English ones are the same but for their words.
 */
export async function look({ who, page }, name) {
  await page.locator('h1').first().waitFor();
  if (seen.has(`${who}, ${name}`)) return;
  seen.add(`${who}, ${name}`);
  if (!isJapanese) {
    await fits(who, page, name);
    return shoot(page, `${who}-${name}`);
  }
  await judge({ who, page }, name, ['light', 'dark']);
}

async function fits(who, page, name) {
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
    say(`${who}, ${name}: wider than the screen`);
}

/** Judges the screen in some lights; after the first nothing is new but colours. */
export async function judge({ who, page }, name, schemes) {
  await fits(who, page, name);
  if (await page.evaluate(() => globalThis.axe === undefined)) await page.evaluate(axe);
  const theme = await page.evaluate(() => document.documentElement.dataset.theme ?? '');
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    if (theme !== '') await dress(page, scheme);
    const faults = await page.evaluate(
      async (runOnly) => {
        const { violations } = await globalThis.axe.run(document, {
          resultTypes: ['violations'],
          ...(runOnly && { runOnly }),
        });
        return violations.flatMap(({ id, nodes }) =>
          nodes.map((n) => `${id}: ${n.target} ${n.html.slice(0, 160)} ${n.failureSummary}`),
        );
      },
      scheme !== schemes[0] && ['color-contrast'],
    );
    for (const fault of faults) say(`${who}, ${name}, ${scheme}: ${fault}`);
    await shoot(page, `${who}-${name}-${scheme}`);
  }
  if (theme !== '') await dress(page, theme);
}

const dress = (page, theme) =>
  page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);

/** The button, link or whatever of a role with exactly that name. */
export const named = (page, role, name) => page.getByRole(role, { name, exact: typeof name === 'string' });

export async function press(page, name) {
  await named(page, 'button', name).click();
}

export async function follow(page, name) {
  await named(page, 'link', name).first().click();
}
