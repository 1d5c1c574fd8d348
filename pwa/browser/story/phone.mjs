// The rep's phone, and for a while the worker's hand on it.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { facts } from './office.mjs';
import { follow, holds, look, named, part, phoneAt, phoneSize, press, say, want } from './stage.mjs';
import { w } from './words.mjs';

let profile = path.join(part.dir, 'phone');
export const home = `${part.site}/field/`;
export const pin = '280147';
export const copyCode = '4826';

/** The phone at work; another one after each start. */
export let phone;

/** Puts this phone away and takes another one, which is off. */
export async function take(name) {
  await close();
  profile = path.join(part.dir, name);
}

/** Starts the browser of the phone, cold, and opens the app as its icon does. */
export async function wake(where = home) {
  mkdirSync(profile, { recursive: true });
  phone = await phoneAt(profile);
  await phone.page.goto(where);
  return phone;
}

export async function unlock(name) {
  const { page } = phone;
  await page.getByLabel(w.pin).waitFor();
  if (name) await look(phone, name);
  await page.getByLabel(w.pin).fill(pin);
  await press(page, w.unlock);
}

/** Opens the enrolment link on a phone that is new. */
export async function enrol(link) {
  await wake(link);
  await enrolHere();
}

/** Where the link was opened: enrols, goes through what is explained, and sets a PIN. */
export async function enrolHere() {
  const { page } = phone;
  await named(page, 'button', w.enrol).waitFor();
  await page.waitForFunction(() => location.hash === ''); // the code does not stay in the address
  await look(phone, 'enrol');
  await press(page, w.enrol);
  await look(phone, 'enrolled');
  await press(page, w.next);
  for (const ask of [w.allowPlace, w.allowCamera, w.protect]) {
    await press(page, ask);
    await named(page, 'button', w.next).waitFor();
    await look(phone, ask);
    await press(page, w.next);
  }
  await page.getByLabel(w.pinNew).fill(pin);
  await page.getByLabel(w.pinAgain).fill(pin);
  await look(phone, 'pin');
  await press(page, w.setPin);
  await named(page, 'heading', w.today).waitFor();
}

/** Its card on the list, above the one to practise on. */
const card = (page) => page.locator('.fd-card').filter({ hasText: facts.worker_name });

/** The case comes by the feed, and the app is kept for when there is no network. */
export async function receiveCase() {
  const { page } = phone;
  await card(page).waitFor();
  want('what comes first', await page.locator('.fd-card').first().textContent(), await card(page).textContent());
  await look(phone, 'today');
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    while (active.state !== 'activated') await new Promise((done) => setTimeout(done, 50));
  });
}

/** Closes the app. */
export const close = () => phone?.context.close().catch(() => undefined);

/** The phone is opened with the server dead: the list is there. */
export async function openCold() {
  const { page } = await wake();
  await unlock('locked');
  await card(page).waitFor();
  await look(phone, 'today without a server');
}

/** Begins a visit at any hour: what the rules of conduct ask for is answered. */
export async function startVisit() {
  const { page } = phone;
  await card(page).click();
  await named(page, 'link', w.startVisit).waitFor();
  await look(phone, 'case');
  await follow(page, w.startVisit);
  await page.locator('.fd-go').waitFor();
  const agreed = page.getByLabel(w.agreed);
  if ((await agreed.count()) > 0) await agreed.fill(w.agreedWords);
  for (const reason of await page.getByLabel(w.reason).all()) await reason.fill(w.reasonWords);
  await look(phone, 'start');
  await press(page, w.startNow);
  await named(page, 'link', w.endVisit).waitFor();
  await look(phone, 'visit');
}

/** Opens the camera for a photo of the pieces; the file input waits for what it gives. */
export async function openCamera() {
  const { page } = phone;
  await follow(page, w.photo);
  await press(page, w.pieces);
  await look(phone, 'photo');
  const chosen = page.waitForEvent('filechooser');
  await page.getByText(w.withCamera, { exact: true }).click();
  return chosen;
}

/** Takes a photo by the file input, as the camera of a phone gives it. */
export async function takePhoto() {
  const chooser = await openCamera();
  const { page } = phone;
  const taken = path.join(part.dir, 'taken.jpg');
  copyFileSync(part.photo, taken); // written now, as a camera does
  await chooser.setFiles(taken);
  await page.locator('.fd-photo--large').waitFor();
  await page.getByText(w.savedHere).first().waitFor();
  await look(phone, 'photo kept');
  await follow(page, w.toVisit);
  await named(page, 'link', w.endVisit).waitFor();
}

/** Kills the browser as the system kills an app. */
export async function kill() {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const first = all
    .split('\n')
    .find((line) => line.includes(`--user-data-dir=${profile}`) && !line.includes('--type='));
  const gone = new Promise((done) => phone.context.on('close', done));
  process.kill(Number.parseInt(first, 10), 'SIGKILL');
  await gone;
}

/** Kills it, opens it again, and finds the visit where it was. */
export async function killAndResume() {
  await kill();
  const { page } = await wake();
  await unlock();
  await page.getByText(w.resume, { exact: true }).waitFor();
  holds('the way back', await page.locator('.fd-resume').textContent(), new Date().getFullYear().toString());
  await look(phone, 'killed, today');
  await page.getByRole('link', { name: w.resumeVisit }).click();
  await page.getByText(w.resumeHere).waitFor();
  await look(phone, 'killed, visit');
}

/** The rep notes how he knows the worker, fills in what he knows of the paper, and hands the phone over. */
export async function prepareDeclaration() {
  const { page } = phone;
  await follow(page, w.identity);
  await named(page, 'radio', w.bySight).check();
  await look(phone, 'identity');
  await press(page, w.keep);
  await follow(page, w.declaration);
  await look(phone, 'papers');
  await page.getByRole('link', { name: w.disposal }).click();
  await named(page, 'button', w.handOver).waitFor();
  const affiliation = page.getByLabel(w.affiliation); // asked once, and known from then on
  if (await affiliation.isVisible()) await affiliation.fill('株式会社みなと人材 営業部');
  await look(phone, 'paper, the rep');
  await press(page, w.handOver);
  await named(page, 'button', w.readAndFill).waitFor();
  await look(phone, 'paper, handed over');
}

/** The rep takes the phone back with his PIN, on a screen in the words of the one who held it. */
export async function takeBack(words = w) {
  const { page } = phone;
  await press(page, words.backToRep);
  await page.getByLabel(words.repPin).fill(pin);
  await press(page, words.takeBack);
  await page.getByLabel(words.repPin).waitFor({ state: 'detached' });
}

/** The worker writes what he knows in his own words. */
export async function answer() {
  const { page } = phone;
  await press(page, w.readAndFill);
  await page.getByLabel(w.from).first().waitFor();
  await page.getByLabel(w.where).fill(w.whereWords);
  await page.getByLabel(w.why).fill(w.whyWords);
}

/** In the middle of it the page dies, and what he wrote is there again, and nothing of the rep's. */
export async function answerAndCrash() {
  await answer();
  const { page } = phone;
  await page.waitForTimeout(2000); // what was typed a moment ago is kept a moment later
  const crashed = page.waitForEvent('crash');
  await page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  phone.page = await phone.context.newPage();
  await page.close();
  await phone.page.goto(home);
  await unlock();
  await finishAnswer();
}

/** What was written is there; the rest is filled in, and the whole text comes. */
export async function finishAnswer() {
  const { page } = phone;
  await page.getByLabel(w.where).waitFor();
  want('where, after the crash', await page.getByLabel(w.where).inputValue(), w.whereWords);
  want('why, after the crash', await page.getByLabel(w.why).inputValue(), w.whyWords);
  want('ways out of the paper', await page.getByRole('link').count(), 0);
  const range = page.locator('.fd-range', { hasText: w.whenDiscarded });
  await range.getByLabel(w.from).fill('2026-11-10');
  await named(page, 'radio', w.how).check();
  await look(phone, 'paper, the worker');
  await press(page, w.readAll);
}

/** L28: on the smallest phone the document stands first and whole, nothing covers it, and one signs after its end. */
export async function readOnTheSmallest() {
  const { page } = phone;
  await page.setViewportSize({ width: 320, height: 568 });
  const paper = page.locator('pre.fd-paper');
  await paper.waitFor();
  for (const words of [facts.worker_name, facts.item_printed_no, w.whereWords, w.whyWords])
    holds('the paper', await paper.textContent(), words);
  want('questions before the end', await page.locator('.fd-question').count(), 0);
  want('a pad before the end', await page.locator('.fd-pad').count(), 0);
  await look(phone, 'paper, to be read');
  await scrollTo(page, async () => {
    const covered = await page.evaluate(() => {
      const paper = document.querySelector('pre.fd-paper');
      const box = paper.getBoundingClientRect();
      const [top, foot] = [Math.max(0, box.top), Math.min(innerHeight, box.bottom)];
      for (let y = top + 2; y < foot - 2; y += 12) {
        for (const x of [box.left + 4, innerWidth / 2, box.right - 4]) {
          const there = document.elementFromPoint(x, y);
          if (there && there !== paper && !paper.contains(there) && !there.contains(paper))
            return there.outerHTML.slice(0, 120);
        }
      }
      return '';
    });
    if (covered) say(`the paper is covered by ${covered}`);
    return (await page.locator('.fd-question').count()) > 0;
  });
  const cut = await paper.evaluate((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
  want('the paper is cut', cut, false);
  await page.setViewportSize(phoneSize);
}

/** Scrolls with the wheel, a screen less a little at a time, until something is so. */
export async function scrollTo(page, reached) {
  await page.mouse.move(150, 300);
  for (let n = 0; n < 60; n++) {
    if (await reached()) return;
    await page.mouse.wheel(0, 420);
    await page.waitForTimeout(60);
  }
  say('the end of the paper is never reached');
}

/** One question after the other, each answered with a yes, in the words of the one who reads. */
export async function consent(words = w) {
  const { page } = phone;
  const question = page.locator('.fd-question');
  for (let n = 0; n < 30 && (await question.count()) > 0; n++) {
    const label = await question.locator('h2').textContent();
    if (n === 0) await look(phone, 'question');
    const answer = question
      .getByRole('button', { name: words.agree, exact: true })
      .or(question.getByRole('button', { name: words.yes, exact: true }))
      .or(question.getByRole('button', { name: words.byQR, exact: true }))
      .or(question.getByRole('button', { name: words.nothingToAdd, exact: true }));
    await answer.click();
    await page.waitForFunction((before) => document.querySelector('.fd-question h2')?.textContent !== before, label);
  }
  await page.getByLabel(words.copyCode).fill(copyCode);
}

/** Writes the nth of five strokes on the pad, wherever it is now; halfway does something in the middle of it. */
export async function stroke(n, halfway = async () => undefined) {
  const { page } = phone;
  const pad = page.locator('.fd-pad canvas');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  const x = box.x + 20 + (n * (box.width - 60)) / 5;
  await page.mouse.move(x, box.y + 20);
  await page.mouse.down();
  for (let step = 1; step <= 8; step++) {
    await page.mouse.move(x + step * 4, box.y + 20 + ((step * 37) % (box.height - 50)));
    if (step === 4) await halfway();
  }
  await page.mouse.up();
}

/** Signs with a hand of several strokes, and sees what he has signed. */
export async function sign() {
  for (let n = 0; n < 5; n++) await stroke(n);
  await confirm();
}

/** Confirms the signature, sees what was signed, and gives the phone back. */
export async function confirm() {
  const { page } = phone;
  await look(phone, 'signing');
  await press(page, w.confirm);
  await named(page, 'heading', w.signed).waitFor();
  await page.getByText(w.asSigned).waitFor();
  await look(phone, 'signed');
  await press(page, w.backToRep);
  await page.getByLabel(w.repPin).fill('111111');
  await press(page, w.takeBack);
  await page.getByRole('alert').waitFor();
  await page.getByLabel(w.repPin).fill(pin);
  await look(phone, 'taking the phone back');
  await press(page, w.takeBack);
  await named(page, 'link', w.endVisit).waitFor();
}

/** Ends the visit. */
export async function endVisit() {
  const { page } = phone;
  await follow(page, w.endVisit);
  await named(page, 'button', w.endNow).waitFor();
  await look(phone, 'end');
  await press(page, w.endNow);
  await page.getByText(w.visitOver).waitFor();
  await look(phone, 'visit over');
}

/** 送信状況 with the server dead: everything is here, and nothing is said to be with the server. */
export async function outboxWaits() {
  const { page } = phone;
  await page.locator('.fd-strip').click();
  await page.getByText(w.unsent).first().waitFor();
  await page.getByText(w.noServer).waitFor();
  const records = Number(/\d+/.exec(await page.locator('.ta-notice').first().textContent())[0]);
  const [items, photos] = await listed(page);
  want('items', items, records);
  want('photos', photos, 2);
  want('said to be received', await page.getByText(w.received).count(), 0);
  await look(phone, 'outbox, waiting');
  return records;
}

/** How many items and photos 送信状況 lists to one who scrolls from its top to its end: only what is near the screen is drawn. */
async function listed(page) {
  const seen = new Map();
  for (const _ of Array(20)) {
    const near = await page
      .locator('.fd-outbox__item')
      .evaluateAll((drawn) =>
        drawn.map((i) => [i.querySelector('a').getAttribute('href'), i.querySelectorAll('.ta-progress').length]),
      );
    for (const [address, photos] of near) seen.set(address, photos);
    if (await page.evaluate(() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1)) break;
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(200);
  }
  await page.evaluate(() => scrollTo(0, 0));
  return [seen.size, [...seen.values()].reduce((sum, n) => sum + n, 0)];
}

/** The server is back: all is sent, and each receipt was checked. */
export async function sync(records) {
  const { page } = phone;
  await press(page, w.sendNow);
  await named(page, 'heading', w.allReceived).or(page.getByText(w.allReceived)).first().waitFor();
  await page.locator('.fd-more summary').first().click();
  await page
    .locator('.fd-outbox__item')
    .nth(records - 1)
    .waitFor();
  want('items received', await page.locator('.fd-outbox__item').count(), records);
  want('photos received', await page.locator('.fd-outbox__item').getByText(w.received).count(), 2);
  await look(phone, 'outbox, received');
}
