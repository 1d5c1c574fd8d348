// Takes photos on a phone as a rep does, for e2e/photos: see there what it is told. Prints what is otherwise than it should be, a line each; nothing when
// all is well.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { follow, look, part, phoneAt, press, say, want } from './story/stage.mjs';
import { w } from './story/words.mjs';

const words = {
  denied: 'いまは許可しない',
  kept: 'この端末に保存済み',
  placeholder: 'この端末では表示できない形式ですが、原本は保存されています。',
  empty: '写真の中身が空でした',
  inApp: 'アプリ内カメラ(ライト付き)',
  shoot: '撮影する',
  hide: '顔・表札などを隠す',
  undo: '一つ戻す',
  save: '1か所を隠して保存',
  saved: '写真の一部を隠して保存しました。',
  hidden: '写真を一部隠した',
  asTaken: '撮影した写真を見る',
  hideMore: '一部を隠す',
  back: '戻る',
};
const pin = '280147';
const profile = path.join(part.dir, 'phone');
mkdirSync(profile);
const phone = await phoneAt(profile);
const { page } = phone;

async function enrol() {
  await page.goto(part.link);
  await press(page, w.enrol);
  await press(page, w.next);
  for (let n = 0; n < 3; n++) await press(page, words.denied);
  await page.getByLabel(w.pinNew).fill(pin);
  await page.getByLabel(w.pinAgain).fill(pin);
  await press(page, w.setPin);
  await page.locator(`a[href="/field/case/${part.case}"]`).click();
}

async function startVisit() {
  await follow(page, w.startVisit);
  await page.locator('.fd-go').waitFor();
  const agreed = page.getByLabel(w.agreed);
  if ((await agreed.count()) > 0) await agreed.fill(w.agreedWords);
  for (const reason of await page.getByLabel(w.reason).all()) await reason.fill(w.reasonWords);
  await press(page, w.startNow);
  await follow(page, w.photo);
  await press(page, w.pieces);
}

/** Gives the camera's file to the app; it was written a moment ago, under the name that every photo of this phone has (L05). */
async function give(file) {
  const asked = page.waitForEvent('filechooser');
  await page.getByText(w.withCamera, { exact: true }).click();
  const taken = path.join(part.dir, 'image.jpg');
  copyFileSync(file, taken);
  await (await asked).setFiles(taken);
}

const notice = () => page.locator('.ta-notice--success', { hasText: words.kept });

/** Does what brings a photo, and waits until the screen says that it is saved. */
async function take(act) {
  const before = (await notice().count()) > 0 ? await notice().elementHandle() : undefined;
  await act();
  if (before) await page.waitForFunction((old) => !old.isConnected, before);
  await notice().waitFor();
}

/** Takes what the camera sees, in the app itself. */
async function shoot() {
  await press(page, words.inApp);
  await page.locator('.fd-camera__shutter:not([aria-disabled=true])').waitFor();
  await press(page, words.shoot);
}

/** MB that the pages of this phone take on the machine. */
function memory() {
  const all = execFileSync('ps', ['-A', '-ww', '-o', 'rss=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 });
  const pages = all.split('\n').filter((line) => line.includes(profile) && line.includes('--type=renderer'));
  return Math.round(pages.reduce((sum, line) => sum + Number.parseInt(line, 10), 0) / 1024);
}

/** Bytes that the page's scripts hold on to, after all that can go is gone. */
async function held() {
  const devtools = await phone.context.newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return usedSize + backingStorageSize;
}

/** Hides the first quarter of the photo that was just taken. What is undone is not hidden. */
async function hideFirstQuarter() {
  await page.getByRole('link', { name: words.hide }).click();
  const picture = page.locator('.fd-veil img');
  await picture.waitFor();
  await look(phone, 'hide');
  await page.evaluate(() => scrollTo(0, 0)); // nothing lies over the picture
  const draw = async (x0, y0, x1, y1) => {
    const box = await picture.boundingBox();
    await page.mouse.move(box.x + x0 * box.width, box.y + y0 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + x1 * box.width, box.y + y1 * box.height, { steps: 5 });
    await page.mouse.up();
  };
  await draw(0.7, 0.7, 0.95, 0.95);
  await press(page, words.undo);
  await draw(0.01, 0.01, 0.49, 0.49);
  await look(phone, 'hidden');
  await press(page, words.save);
  await page.getByText(words.saved).waitFor();
  await page.getByText(w.withCamera, { exact: true }).waitFor(); // the next photo of the same may be taken
  await follow(page, w.toVisit);
  await page.getByText(words.hidden, { exact: true }).waitFor();
  // Who comes back to hide one thing more finds what he has hidden.
  await page.locator('.fd-timeline a', { hasText: words.hidden }).click();
  await page.getByRole('link', { name: words.asTaken }).click();
  await page.getByRole('link', { name: words.hideMore, exact: true }).click();
  await page.locator('.fd-veil__area').waitFor();
  want('areas from before', await page.locator('.fd-veil__area').count(), 1);
  await page.getByRole('link', { name: words.back }).click();
  await page.getByRole('link', { name: words.hideMore, exact: true }).waitFor();
  await page.getByRole('link', { name: words.back }).click();
  await follow(page, w.photo);
  await press(page, w.pieces);
}

try {
  await enrol();
  await startVisit();
  const [unreadable, broken] = [3, 4];
  let settled;
  for (const [n, file] of part.photos.entries()) {
    await take(() => give(file));
    const shown = await page.locator('.fd-photo--large').count();
    if (n !== broken) want(`photo ${n} is shown`, shown > 0, n !== unreadable);
    if (n === unreadable) want('an honest placeholder', await page.getByText(words.placeholder).count(), 1);
    if (n === part.hidden) await hideFirstQuarter();
    if (n === part.memory) settled = { pages: memory(), held: await held() };
  }
  // L23: what 20 more photos have left behind is less than one of them takes while it is worked on.
  const [pages, bytes] = [memory(), await held()];
  if (pages > settled.pages + 250) say(`the pages grew from ${settled.pages} to ${pages} MB`);
  if (bytes > settled.held + (8 << 20)) say(`the scripts hold ${bytes} bytes, and held ${settled.held}`);

  await take(shoot);
  want('the live photo is shown', await page.locator('.fd-photo--large').count(), 1);
  await give(part.empty);
  await page.getByText(words.empty).waitFor();

  await page.goto(`${part.site}/field/outbox`);
  await page.getByLabel(w.pin).fill(pin);
  await press(page, w.unlock);
  await page.getByText(w.allReceived).first().waitFor({ timeout: 300_000 });
} catch (cause) {
  say(cause.stack);
} finally {
  await phone.context.close();
  process.exit();
}
