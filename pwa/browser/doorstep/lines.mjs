// L34: a line that is slow, breaks, carries one way, or belongs to a hotel. What is on the screen is true all the while, and all arrives once.
import { phone, takePhoto } from '../story/phone.mjs';
import { look, press, say, want } from '../story/stage.mjs';
import { allReceived, ask, go, inVisit, note, rep, strip, until, weather } from './phone.mjs';
import { w } from './words.mjs';

const held = async (words) => (await ask(`records?case=${rep().case}`)).filter((r) => r.fields.note === words);

/** Words that no compression makes short: the line goes deaf for who has said more than a question. */
const long = () =>
  String.fromCharCode(...Array.from({ length: 4000 }, () => 0x4e00 + Math.floor(Math.random() * 0x5000)));

/** Not one of the words that mean received stands on the screen of what is sent. */
async function saysUnsent(what) {
  const { page } = phone;
  const now = await strip();
  if (!w.unsentStrip.test(now)) say(`${what}: the strip says ${now}`);
  want(`${what}: said to be with the server`, await page.getByText(w.allReceived).count(), 0);
}

/** A note and a photo are kept and sent over such a line; then nothing is missing or double. */
async function bring(what, now, hurry, more = '') {
  const visit = await inVisit();
  await allReceived();
  await weather(now);
  await note(`/visit/${visit}`, what + more);
  await saysUnsent(what);
  await go(`/visit/${visit}`);
  await takePhoto();
  await go('/outbox');
  const end = Date.now() + 120_000;
  while ((await phone.page.locator('.fd-strip', { hasText: w.allReceived }).count()) === 0) {
    if (Date.now() > end) return say(`${what}: not received within two minutes: ${await strip()}`);
    if (hurry)
      await phone.page
        .getByRole('button', { name: w.sendNow })
        .click({ timeout: 500 })
        .catch(() => undefined);
    await phone.page.waitForTimeout(250);
  }
  want(`${what}: notes of one`, (await held(what + more)).length, 1);
  const [photo] = (await ask(`records?case=${rep().case}`)).slice(-1);
  want(`${what}: blobs stored of the photo`, photo.blobs, 2);
}

const second = 1_000_000_000; // ns, as Go counts

export const slow = () => bring('遅い回線から。', { Rate: 64_000, RTT: 2 * second });

export const breaking = () => bring('切れる回線から。', { Resets: 0.1, RTT: second / 10 }, true, long());

/** What a hotel's sign-in page answers is no acknowledgement, and the phone says what stands in the way. */
export async function portal() {
  const visit = await inVisit();
  await allReceived();
  await weather({ Portal: true });
  await note(`/visit/${visit}`, 'ホテルから。');
  await go('/outbox');
  await until('the portal has answered often', async () => {
    await phone.page
      .getByRole('button', { name: w.sendNow })
      .click({ timeout: 500 })
      .catch(() => undefined);
    return (await ask('told')) >= 12;
  });
  await phone.page.getByText(w.signInPage).waitFor();
  await saysUnsent('behind a portal');
  await look(phone, 'behind a portal');
  want('notes past the portal', (await held('ホテルから。')).length, 0);
  await weather();
  await press(phone.page, w.sendNow);
  await allReceived();
  want('notes of one', (await held('ホテルから。')).length, 1);
}

/** What has arrived is not called received before its receipt is here. */
export async function oneWay() {
  const visit = await inVisit();
  await allReceived();
  await weather({ Deaf: true });
  const words = long();
  await note(`/visit/${visit}`, words);
  await until('the note at the server', async () => (await held(words)).length > 0);
  await saysUnsent('with the answer lost');
  await go('/outbox');
  await phone.page.getByText(w.noServer).waitFor();
  await saysUnsent('after the wait');
  await weather({ Mute: true });
  await note(`/visit/${visit}`, '声の届かない回線から。');
  await saysUnsent('with the voice lost');
  await go('/outbox');
  await press(phone.page, w.sendNow);
  await phone.page.waitForTimeout(2000);
  want('notes that went through', (await held('声の届かない回線から。')).length, 0);
  await saysUnsent('in the hole');
  await weather();
  await go('/outbox');
  await until('all received', async () => {
    await phone.page
      .getByRole('button', { name: w.sendNow })
      .click({ timeout: 500 })
      .catch(() => undefined);
    return (await phone.page.locator('.fd-strip', { hasText: w.allReceived }).count()) > 0;
  });
  for (const [what, said] of [
    ['heard by nobody', words],
    ['that reached nobody', '声の届かない回線から。'],
  ])
    want(`notes ${what}`, (await held(said)).length, 1);
}
