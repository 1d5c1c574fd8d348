// L16: log-out, another person on the same phone: what was not sent stays, encrypted, and is sent when its rep is back.
import { enrolHere, phone, takePhoto, unlock } from '../story/phone.mjs';
import { holds, look, press, say, want } from '../story/stage.mjs';
import { allReceived, ask, go, inVisit, leave, note, received, rep, weather } from './phone.mjs';
import { w } from './words.mjs';

const words = '二人で使う端末の、送っていないメモ。';

/** What stands in the open in any cell of the database: those words, a photo, or a record's text, which begins with its header in base64. */
const inTheOpen = (needles) =>
  phone.page.evaluate(async (texts) => {
    const wanted = new Map(texts.map((text) => [text, new TextEncoder().encode(text)]));
    wanted.set('a photo', Uint8Array.of(0xff, 0xd8, 0xff, 0xdb));
    const db = await new Promise((done) => {
      indexedDB.open('tachiai').onsuccess = ({ target }) => done(target.result);
    });
    const found = [];
    const look = (value, where) => {
      const bytes =
        value instanceof ArrayBuffer ? new Uint8Array(value) : value instanceof Uint8Array ? value : undefined;
      if (bytes) {
        for (const [name, needle] of wanted) {
          for (let at = bytes.indexOf(needle[0]); at >= 0; at = bytes.indexOf(needle[0], at + 1)) {
            if (needle.every((b, n) => bytes[at + n] === b)) {
              found.push(`${where}: ${name}`);
              break;
            }
          }
        }
      } else if (typeof value === 'object' && value !== null && !(value instanceof CryptoKey))
        for (const [name, part] of Object.entries(value)) look(part, `${where}.${name}`);
    };
    for (const name of db.objectStoreNames) {
      const rows = await new Promise((done) => {
        db.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => done(target.result);
      });
      rows.forEach((row, n) => {
        look(row, `${name}[${n}]`);
      });
    }
    db.close();
    return found;
  }, needles);

export async function twoPeople() {
  const first = rep();
  const { page } = phone;
  await inVisit();
  await allReceived();
  await weather({ Nothing: true });
  await note(`/case/${first.case}`, words);
  await inVisit();
  await takePhoto();

  await go('/settings');
  await press(page, w.logOut);
  const dialog = page.getByRole('dialog');
  await dialog.getByText(w.unsentCount).waitFor();
  await look(phone, 'log-out with unsent work');
  want('ways to delete', await dialog.getByRole('button', { name: /消|削除|破棄/ }).count(), 0);
  await dialog.getByRole('button', { name: w.lockNow }).click();
  await page.getByLabel(w.pin, { exact: true }).waitFor();
  for (const found of await inTheOpen([words, '髙橋 健', '090-0000-0147', 'note.written', 'eyJhbGciOi']))
    say(`in the open: ${found}`);

  await weather();
  const second = await ask(`rep?name=${encodeURIComponent('渡辺 四郎')}`);
  await page.goto(second.link);
  await enrolHere();
  await page.locator('.fd-card').nth(1).waitFor();
  want('cases of the second rep, with the one to practise on', await page.locator('.fd-card').count(), 2);
  want('visits of the first rep that he is led back to', await page.locator('.fd-resume').count(), 0);
  await note(`/case/${second.case}`, '二人目のメモ。');
  await allReceived();
  want('notes of the first rep that were sent meanwhile', await sent(first), 0);

  await go('/settings');
  await look(phone, 'settings with two people');
  await page.getByRole('button', { name: w.switchTo }).click();
  await page.getByLabel(w.pin, { exact: true }).waitFor();
  await unlock();
  await allReceived();
  want('notes of the first rep after he is back', await sent(first), 1);
  await received('his photo', (r) => r.kind === 'photo.captured' && r.blobs === 2);
  await go('');
  holds('the screen', await page.locator('.fd-resume').textContent(), w.resume);
  await inVisit();
  await leave();
}

const sent = async (of) => (await ask(`records?case=${of.case}`)).filter((r) => r.fields.note === words).length;
