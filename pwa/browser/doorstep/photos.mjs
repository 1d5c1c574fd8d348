// L04, L05, L21 and half of L06: a photo is what the camera gave, wherever the page was killed and whatever the browser does with its bytes.
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { kill, openCamera, phone, takePhoto, unlock, wake } from '../story/phone.mjs';
import { follow, holds, look, part, press, say, want } from '../story/stage.mjs';
import { ask, go, inHand, inVisit, received, rep, until, weather } from './phone.mjs';
import { w } from './words.mjs';

const photo = () => readFileSync(part.photo);

/** The same picture with another byte where no decoder looks: as large, and another photo. */
function another(n) {
  const bytes = photo();
  return Buffer.concat([bytes.subarray(0, -2), Buffer.from([0xff, 0xfe, 0, 3, n]), bytes.subarray(-2)]);
}

/** Opens the way to a photo, by the button with that name. */
async function openPicker(name) {
  const { page } = phone;
  await follow(page, w.photo);
  await press(page, w.pieces);
  const chosen = page.waitForEvent('filechooser');
  await page.getByText(name, { exact: true }).click();
  return chosen;
}

const pictures = async () => (await ask(`records?case=${rep().case}`)).filter((r) => r.kind === 'photo.captured');

/** L04: the system takes the app away while its camera is open. */
export async function killedCamera() {
  await inVisit();
  await openCamera();
  await kill();
  await wake();
  await unlock();
  const { page } = phone;
  await page.getByRole('link', { name: w.resumeVisit }).click();
  await page.getByText(w.resumeHere).waitFor();
  await follow(page, w.pendingPhoto);
  await page.getByText(w.interrupted).waitFor();
  holds('the slot', await page.locator('.ta-notice').last().textContent(), `${w.pieces}：${w.notArrived}`);
  await look(phone, 'an interrupted photo');
  await press(page, w.dropIt);
  await page.getByText(w.interrupted).waitFor({ state: 'detached' });
  await go(new URL(page.url()).pathname.replace('/field', '').replace('/photo', ''));
  await takePhoto();
}

/** L05: iPhones give every photo the same name. */
export async function sameName() {
  await inVisit();
  const before = (await pictures()).length;
  const given = [another(1), another(2)];
  want('the sizes differ by', given[0].length - given[1].length, 0);
  const chooser = await openPicker(w.fromLibrary);
  await chooser.setFiles(given.map((buffer) => ({ name: 'image.jpg', mimeType: 'image/jpeg', buffer })));
  const there = await until('both photos', async () => {
    const list = await pictures();
    return list.length >= before + 2 && list.every((r) => r.blobs === 2) ? list.slice(-2) : undefined;
  });
  const sums = new Set(there?.map((r) => r.fields['blob.p1'].sha256));
  want('photos with one name and one size', sums.size, 2);
}

/** L21: a picture is called one of the camera only if it was made after the camera was opened. */
export async function sources() {
  await inVisit();
  const old = path.join(part.dir, 'old.jpg');
  writeFileSync(old, another(3));
  utimesSync(old, Date.now() / 1000 - 86_400, Date.now() / 1000 - 86_400);
  const fresh = path.join(part.dir, 'fresh.jpg');
  for (const [way, file, words, source] of [
    [w.withCamera, old, w.byLibrary, 'library'],
    [w.withCamera, fresh, w.byCamera, 'camera'],
    [w.fromLibrary, old, w.byLibrary, 'library'],
  ]) {
    const before = (await pictures()).length;
    await inVisit();
    const chooser = await openPicker(way);
    writeFileSync(fresh, another(4)); // now, as a camera does
    await chooser.setFiles(file);
    await phone.page.locator('.fd-photo--large').waitFor();
    holds(
      `a ${file === old ? 'picture of yesterday' : 'fresh picture'}, ${way}`,
      await phone.page.locator('.ta-notice--success').textContent(),
      words,
    );
    const there = await until('the photo', async () => (await pictures())[before]);
    want(`source, ${way}`, there?.fields.source, source);
    want('the time of a saved picture is kept', there?.fields.taken_at !== undefined, source === 'library');
  }
  await follow(phone.page, w.toVisit);
  await phone.page.locator('.fd-timeline a', { hasText: w.photoRecord }).last().click();
  await phone.page.getByText(w.byLibrary).waitFor();
  await look(phone, 'record of a saved picture');
}

/** L06: the browser says that it has written a photo, and has written something else. */
export async function writtenWrong() {
  await inVisit();
  const before = (await pictures()).length;
  await phone.page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    globalThis.heal = () => {
      IDBObjectStore.prototype.put = put;
    };
    IDBObjectStore.prototype.put = function (row, ...key) {
      if (this.name !== 'blobs') return put.call(this, row, ...key);
      const data = row.bytes.data.slice(0);
      new Uint8Array(data)[data.byteLength - 9] ^= 1;
      return put.call(this, { ...row, bytes: { ...row.bytes, data } }, ...key);
    };
  });
  const { page } = phone;
  const chooser = await openPicker(w.fromLibrary);
  await chooser.setFiles({ name: 'image.jpg', mimeType: 'image/jpeg', buffer: another(5) });
  await page.getByRole('alert').getByText(w.notSaved).waitFor();
  want('said to be saved', await page.locator('.ta-notice--success').count(), 0);
  await look(phone, 'a photo that was not saved');
  want('photos at the server', (await pictures()).length, before);

  await page.evaluate(() => globalThis.heal());
  await follow(page, w.toVisit);
  await follow(page, w.pendingPhoto);
  await page.locator('.fd-photo--large').waitFor();
  await until('the photo after all', async () => (await pictures()).length > before);
}

/** L06: what lies on the phone has changed since it was sealed: it is not sent as what was sealed, and the phone says so. */
export async function changedHere() {
  await inHand('spare', '鈴木 一郎');
  await inVisit();
  await weather({ Nothing: true });
  await takePhoto();
  const changed = await phone.page.evaluate(async () => {
    const db = await new Promise((done) => {
      indexedDB.open('tachiai').onsuccess = ({ target }) => done(target.result);
    });
    const store = db.transaction('blobs', 'readwrite').objectStore('blobs');
    const [key] = await new Promise((done) => {
      store.getAllKeys().onsuccess = ({ target }) => done(target.result);
    });
    const row = await new Promise((done) => {
      store.get(key).onsuccess = ({ target }) => done(target.result);
    });
    new Uint8Array(row.bytes.data)[20] ^= 1;
    await new Promise((done) => {
      store.put(row).onsuccess = done;
    });
    db.close();
    return key[1];
  });
  await weather();
  const { page } = phone;
  await go('/outbox');
  await press(page, w.sendNow);
  await page.getByText(w.damaged).waitFor();
  await look(phone, 'a damaged photo');
  const there = await received('the photo', (r) => r.kind === 'photo.captured');
  const named = Object.values(there?.fields ?? {}).some((f) => f?.sha256 === changed);
  if (!named) say('the damaged blob is none of the record');
  want('blobs stored', there?.blobs, 1);
}
