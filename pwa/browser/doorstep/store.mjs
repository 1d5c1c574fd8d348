// L02 and L03: a store that closes, refuses or is gone. Nothing is called saved that no write has confirmed.
import { phone } from '../story/phone.mjs';
import { deskSize, holds, look, named, part, person, press, want } from '../story/stage.mjs';
import { ask, go, inHand, inVisit, leave, note, opened, received, rep, strip, until, weather } from './phone.mjs';
import { w } from './words.mjs';

const notes = async (words) => (await ask(`records?case=${rep().case}`)).filter((r) => r.fields.note === words);

/** From now on the next so many writes of a record are cut off, and the database closes under the page as Safari does it. */
const cutOff = (times) =>
  phone.page.evaluate((count) => {
    const { add } = IDBObjectStore.prototype;
    let left = count;
    IDBObjectStore.prototype.add = function (...args) {
      const request = add.apply(this, args);
      if (this.name === 'outbox' && left-- > 0) {
        const { transaction } = this;
        queueMicrotask(() => {
          transaction.abort();
          transaction.db.close();
          transaction.db.dispatchEvent(new Event('close'));
        });
      }
      return request;
    };
  }, times);

/** L02: what is cut off once is written when the database was opened again; what fails for good is not called saved. */
export async function closed() {
  const visit = await inVisit();
  await cutOff(1);
  await note(`/visit/${visit}`, '一度切れた。');
  await received('the note', (r) => r.fields.note === '一度切れた。');
  want('notes of one', (await notes('一度切れた。')).length, 1);

  await cutOff(Number.POSITIVE_INFINITY);
  const { page } = phone;
  await go(`/visit/${visit}/note`);
  await page.locator('textarea').fill('切れたまま。');
  await press(page, w.keep);
  await page.getByRole('alert').getByText(w.notSaved).waitFor();
  want('the words are still there', await page.locator('textarea').inputValue(), '切れたまま。');
  want('said to be saved', await page.getByText(w.noteKept).count(), 0);
  await page.reload(); // the app is closed and opened: the words are a draft
  await opened();
  await go(`/visit/${visit}/note`);
  await until('the words after a reload', async () => (await page.locator('textarea').inputValue()) === '切れたまま。');
  await press(page, w.keep);
  await received('the second note', (r) => r.fields.note === '切れたまま。');
  want('notes of one', (await notes('切れたまま。')).length, 1);
}

/** The office's list of phones, in words. */
async function atTheOffice() {
  const office = await person('office', deskSize);
  await office.page.goto(part.links.admin);
  await press(office.page, w.signIn);
  await press(office.page, w.begin);
  await office.page.getByRole('navigation').first().waitFor();
  await office.page.goto(`${part.site}/office/devices`);
  await office.page.locator('.office-cards').waitFor();
  const cards = await office.page.locator('.office-cards > li').allTextContents();
  await office.context.close();
  return cards;
}

/** How many records of the spare phone's journal there are, here and at the server, and how much of them is unsent. */
async function standing() {
  const unsent = [...(await strip()).matchAll(/(?:記録|写真)(\d+)/g)].map(([, n]) => Number(n));
  const [records] = unsent;
  const there = await ask(`records?case=${rep().case}`);
  return { records: there.length + records, unsent: unsent.reduce((sum, n) => sum + n, 0) };
}

/** L02 and L03: the browser is asked to keep the store, and its answer is told; a store that is emptied all the same is told, too. */
export async function gone() {
  await inHand('spare', '鈴木 一郎');
  const { page, context } = phone;
  await go('/settings');
  const promised = await page.evaluate(() => navigator.storage.persisted());
  await page
    .getByText(promised ? w.kept : w.notKept)
    .first()
    .waitFor();
  await weather({ Nothing: true });
  await note(`/case/${rep().case}`, '届かないメモ。');
  const lost = await standing();

  await go(`/case/${rep().case}/note`);
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: part.site, storageTypes: 'indexeddb' });
  await page.locator('textarea').fill('どこにも残らないメモ。');
  await page.getByRole('alert').getByText(w.storeGone).waitFor();
  await press(page, w.keep);
  await page.getByRole('alert').getByText(w.notSaved).waitFor();
  want('said to be saved', await page.getByText(w.noteKept).count(), 0);
  await look(phone, 'the store was emptied under the page');

  await weather();
  await press(page, w.reload);
  await named(page, 'button', w.enrol).waitFor();
  await page.getByRole('alert').getByText(w.storeGone).waitFor();
  holds('the screen', await page.locator('.fd-gone').textContent(), w.storeGoneNext);
  await look(phone, 'the store is gone');

  await page.goto(await ask(`link?member=${rep().member}`));
  await press(page, w.enrol);
  await named(page, 'button', w.next).waitFor();
  want('notices of the loss after enrolling', await page.locator('.fd-gone').count(), 0);
  const cards = await atTheOffice();
  const told = cards.map((card) => w.lost.exec(card)).find(Boolean);
  want('records that the office knows to be lost', told?.[1], String(lost.records));
  want('unsent ones among them, and photos', told?.[2], String(lost.unsent));
  const says = cards.filter((card) => card.includes('鈴木 一郎')).some((card) => card.includes(w.officeNotKept));
  want('the office is told that nothing protects the store', says, !promised);
}

/** A new version is ready while words are half typed: it is offered where nothing is, waits until it is taken, and takes nothing with it. */
export async function renewed() {
  const { page } = phone;
  const visit = await inVisit();
  const old = await version();
  await go(`/visit/${visit}/note`);
  await page.locator('textarea').fill(w.halfWords);
  await ask('renew');
  await page.evaluate(async () => {
    const worker = await navigator.serviceWorker.getRegistration('/field/');
    await worker.update();
    for (let n = 0; n < 600 && !worker.waiting; n++) await new Promise((done) => setTimeout(done, 50));
    if (!worker.waiting) throw new Error('no new version came');
  });
  await page.waitForTimeout(1000);
  want('offers beside a form', await page.getByText(w.updateReady).count(), 0);
  want('the version under the form', await version(), old);
  want('the words', await page.locator('textarea').inputValue(), w.halfWords);
  await go('');
  await page.getByText(w.updateReady).waitFor();
  await look(phone, 'a new version is offered');
  await press(page, w.updateTake);
  await page.waitForFunction(() => document.querySelector('meta[name=test-version]')?.content === 'newer');
  await opened();
  want('offers after it was taken', await page.getByText(w.updateReady).count(), 0);
  await go(`/visit/${visit}/note`);
  await until('the words are there in the new version', async () => {
    return (await page.locator('textarea').inputValue()) === w.halfWords;
  });
  await press(page, w.keep);
  await page.getByText(w.noteKept).waitFor();
  await received('the note that two versions wrote', (r) => r.fields.note === w.halfWords);
  await leave();
}

/** The mark of the page's version; none of the one that is built. */
const version = () => phone.page.evaluate(() => document.querySelector('meta[name=test-version]')?.content ?? '');

/** Another window takes the store over for a newer app: the older one says so, at once and when it is loaded anew, and calls nothing saved or lost. */
export async function outdated() {
  await inHand('older', '高木 六郎');
  const { page, context } = phone;
  await go(`/case/${rep().case}/note`);
  await page.locator('textarea').fill('引き継がれるメモ。');
  await page.waitForTimeout(1000); // what was typed a moment ago is kept a moment later
  const newer = await context.newPage();
  await newer.goto(`${part.site}/field/manifest.webmanifest`);
  await newer.evaluate(
    () =>
      new Promise((done, fail) => {
        const opening = indexedDB.open('tachiai', 99);
        opening.onsuccess = () => done(undefined);
        opening.onblocked = () => fail(new Error('the older app does not make way'));
      }),
  );
  await page.getByText(w.outdated).waitFor();
  await look(phone, 'a newer app has taken the store over');
  await press(page, w.keep);
  await page.getByRole('alert').getByText(w.notSaved).waitFor();
  want('said to be saved', await page.getByText(w.noteKept).count(), 0);
  await press(page, w.reload);
  await page.getByText(w.nothingLost).waitFor();
  want('said to be private browsing', await page.getByText(w.privateBrowsing).count(), 0);
  await look(phone, 'an older app on the store of a newer one');
  await newer.close();
}
