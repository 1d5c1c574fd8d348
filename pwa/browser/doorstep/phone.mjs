// The phone of the doorstep: it is enrolled when it is first needed, and stands in a visit when one is asked for.
import { enrol, home, phone, receiveCase, startVisit, take, unlock, wake } from '../story/phone.mjs';
import { named, part, press, say, want } from '../story/stage.mjs';
import { w } from './words.mjs';

/** Asks the house for something: see control in e2e/doorstep. */
export async function ask(what, body) {
  const answer = await fetch(`${part.control}/${what}`, { method: 'POST', body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${what}: ${await answer.text()}`);
  return answer.json();
}

/** What the line does from now on; nothing said: it is a good one. */
export const weather = (now = {}) => ask('weather', now);

/** A phone by name: its rep, his case, whether it is in use. */
const phones = new Map();
let at = '';

/** The rep of the phone in hand. */
export const rep = () => phones.get(at);

/** Takes a phone in hand, whose rep is hired and enrolled the first time. */
export async function inHand(name, member = '佐藤 花子') {
  if (at !== name) {
    await take(name);
    at = name;
  }
  if (phones.has(name)) return ready();
  const hired = await ask(`rep?name=${encodeURIComponent(member)}`);
  phones.set(name, hired);
  await enrol(hired.link);
  await receiveCase();
}

/** Before each scene: the usual phone, on a good line, open at 今日, whatever the scene before has left. */
export async function lightUp() {
  await weather();
  await inHand('phone');
}

/** The phone in hand is on, unlocked, and at 今日. */
export async function ready() {
  const page = phone && !phone.page.isClosed() ? phone.page : (await wake()).page;
  await page.goto(home);
  await opened();
}

/** Waits for the app, behind its lock if it is locked. */
export async function opened() {
  const { page } = phone;
  const pin = page.getByLabel(w.pin, { exact: true });
  await pin.or(page.locator('.fd-strip')).or(page.locator('h1')).first().waitFor();
  if ((await pin.count()) > 0 && (await named(page, 'button', w.unlock).count()) > 0) await unlock();
  await page.locator('.fd-strip, .fd-takeback, .fd-frozen').first().waitFor();
}

/** Goes to a screen as a link would, without loading the page anew, and waits until the screen before is gone. */
export async function go(where) {
  const { page } = phone;
  if (new URL(page.url()).pathname.replace(/\/$/, '') === `/field${where}`) return;
  await page.evaluate((href) => {
    document.querySelector('.ta-page').dataset.before = '';
    const link = document.createElement('a');
    link.href = href;
    document.body.append(link);
    link.click();
    link.remove();
  }, `/field${where}`);
  await page.locator('.ta-page:not([data-before])').waitFor();
}

/** Stands in a visit, which is begun if none is open, and tells its id. */
export async function inVisit() {
  const { page } = phone;
  await go('');
  await named(page, 'heading', w.today).waitFor();
  const open = page.locator('.fd-resume');
  if ((await open.count()) > 0) await open.click();
  else await startVisit();
  await named(page, 'link', w.endVisit).waitFor();
  return new URL(page.url()).pathname.split('/')[3];
}

/** Asked to leave: the visit ends at once. */
export async function leave() {
  await press(phone.page, w.leave);
  await phone.page.getByText(w.visitOver).first().waitFor();
}

/** Keeps a note in the visit or case that a path names. */
export async function note(where, words) {
  const { page } = phone;
  await go(`${where}/note`);
  await page.locator('textarea').fill(words);
  await press(page, w.keep);
  await page.getByText(w.noteKept).waitFor();
}

/** Waits until something is so; says what is not after a minute. */
export async function until(what, check, patience = 60_000) {
  for (const end = Date.now() + patience; Date.now() < end; ) {
    const got = await check();
    if (got) return got;
    await new Promise((done) => setTimeout(done, 50));
  }
  say(`${what}: not within a minute`);
  return undefined;
}

/** Waits until the server has a record of this rep's case that fits. */
export const received = (what, fits) =>
  until(`the server has ${what}`, async () => (await ask(`records?case=${rep().case}`)).find(fits));

/** Tells records that are not at the server yet from those of scenes before. */
export async function fromNowOn() {
  const before = new Set((await ask(`records?case=${rep().case}`)).map((r) => r.hash));
  return (r) => !before.has(r.hash);
}

/** The strip says that everything is with the server. */
export const allReceived = () => phone.page.locator('.fd-strip', { hasText: w.allReceived }).waitFor();

/** What the strip says now. */
export const strip = () => phone.page.locator('.fd-strip').getAttribute('aria-label');

/** Goes to a page and stays a while: nothing of it moves away under the thumb once it has come. */
export async function still(what, go) {
  const { page } = phone;
  const before = await page.evaluate(() => performance.now());
  await go();
  await page.waitForTimeout(500);
  want(`${what}: what moves after it has come`, await page.evaluate(shifts, before), '');
}

/** Runs in the page: what has moved since then, so that a thumb on its way would hit something else. */
function shifts(since) {
  return new Promise((done) => {
    new PerformanceObserver((list) => {
      const moved = list.getEntries().filter(({ startTime, value }) => startTime > since && value > 0.01);
      done(moved.flatMap(({ sources }) => sources.map(({ node }) => node?.className ?? node?.nodeName)).join(', '));
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => done(''), 1000);
  });
}
