import { follow, part, phone, slowed, unlock } from './stage.mjs';

/** Notes are kept, and bare writes of as many bytes beside them. */
export async function save() {
  const { context, page } = await phone();
  await slowed(page);
  await unlock(page);
  const durable = [];
  const said = [];
  const bare = [];
  for (let n = 0; n < part.samples; n++) {
    await follow(page, `/field/case/${part.case}/note`);
    await page.locator('textarea').fill(`呼び鈴を${n + 1}回鳴らしたが応答なし。室内灯は点いている。`);
    const took = await page.evaluate(keep, ['記録する', 'メモを記録しました']);
    durable.push(took.durable);
    said.push(took.said);
    bare.push(await page.evaluate(write, 2048));
  }
  await context.close();
  return { durable, said, bare };
}

/** Runs in the page: from the tap until the last strict write before the words is complete, and until the screen says that it is kept. */
function keep([button, words]) {
  return new Promise((done, fail) => {
    const tapped = [...document.querySelectorAll('button')].find((one) => one.textContent === button);
    const isSaid = () => [...document.querySelectorAll('.ta-notice')].some((one) => one.textContent.includes(words));
    const begun = performance.now();
    let durable;
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      const tx = transaction.call(this, stores, mode, options);
      if (mode === 'readwrite' && options?.durability === 'strict') {
        tx.addEventListener('complete', () => {
          durable = performance.now() - begun;
        });
      }
      return tx;
    };
    new MutationObserver((_, watch) => {
      if (!isSaid()) return;
      watch.disconnect();
      IDBDatabase.prototype.transaction = transaction;
      if (durable === undefined) fail(new Error('the screen says so, and nothing was written'));
      else done({ durable, said: performance.now() - begun });
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    tapped.click();
  });
}

/** Runs in the page: one strict write of so many bytes, and nothing else. */
function write(bytes) {
  return new Promise((done, fail) => {
    const opening = indexedDB.open('bench', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const row = crypto.getRandomValues(new Uint8Array(bytes));
      const begun = performance.now();
      const tx = opening.result.transaction('rows', 'readwrite', { durability: 'strict' });
      tx.objectStore('rows').add(row);
      tx.oncomplete = () => {
        done(performance.now() - begun);
        opening.result.close();
      };
      tx.onerror = () => fail(tx.error);
    };
  });
}
