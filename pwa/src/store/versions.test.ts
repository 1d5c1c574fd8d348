import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { Store, steps } from './index.ts';

/**
 * Every schema that was ever shipped, written out by hand: phones in the field
 * hold databases that were made like this, whatever migrate.ts says today. A new
 * version adds its line; none is ever changed.
 */
const shipped: readonly { stores: Record<string, string | string[]>; vault?: Record<string, string> }[] = [
  {
    stores: {
      meta: 'key',
      spaces: 'id',
      keys: 'kid',
      records: ['space', 'hash'],
      texts: ['space', 'hash'],
      outbox: ['space', 'hash'],
      blobs: ['space', 'sha256'],
      drafts: ['space', 'key'],
      cache: ['space', 'generation', 'type', 'id'],
    },
  },
  {
    stores: {
      meta: 'key',
      spaces: 'id',
      keys: 'kid',
      records: ['space', 'hash'],
      texts: ['space', 'hash'],
      outbox: ['space', 'hash'],
      blobs: ['space', 'sha256'],
      drafts: ['space', 'key'],
      cache: ['space', 'generation', 'type', 'id'],
    },
    // an index by the generation of the cell: where that stands
    vault: { records: 'facts.v', texts: 'text.v', blobs: 'bytes.v', drafts: 'value.v', cache: 'body.v' },
  },
];

const kid = 'k'.repeat(43);
const hash = (n: number) => String(n).padStart(43, 'h');
const cell = (text: string) => ({ v: 0, data: new TextEncoder().encode(text).slice().buffer });
const full = 300;

/** Rows as the app of that time left them: an outbox that waits, photos, and a paper half filled. */
function rows(n: number): Record<string, object> {
  const own = { space: kid, hash: hash(n), kid, seq: n };
  return {
    records: { ...own, at: n, size: 6, facts: cell(`{"id":"${n}"}`) },
    texts: { space: kid, hash: hash(n), text: cell(`text ${n}`) },
    outbox: {
      ...own,
      state: 'unsent',
      receipt: '',
      index: -1,
      receivedAt: 0,
      flags: [],
      suspect: '',
      problem: '',
      blobs: [],
      released: false,
    },
    blobs: { space: kid, sha256: hash(n), size: 6, bytes: cell(`photo ${n}`) },
    drafts: { space: kid, key: `note/${n}`, value: cell(`draft ${n}`) },
  };
}

/** Makes the database of a version with the browser's own calls alone. */
function make(factory: IDBFactory, version: number): Promise<void> {
  const { stores = {}, vault = {} } = shipped[version - 1] ?? {};
  return new Promise((resolve, reject) => {
    const request = factory.open('db', version);
    request.onerror = () => reject(request.error);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(stores)) {
        const made = request.result.createObjectStore(name, { keyPath });
        if (vault[name]) made.createIndex('vault', ['space', vault[name]]);
      }
    };
    request.onsuccess = () => {
      const db = request.result;
      const tx = db.transaction(Object.keys(rows(1)), 'readwrite');
      for (let n = 1; n <= full; n++) for (const [name, row] of Object.entries(rows(n))) tx.objectStore(name).add(row);
      tx.onerror = () => reject(tx.error);
      tx.oncomplete = () => {
        db.close();
        resolve();
      };
    };
  });
}

test('L17: each shipped version is written down here', () => {
  expect(shipped.length).toBe(steps.length);
});

test.each(shipped.map((_, n) => n + 1))(
  'L17: a phone of schema %i with a full outbox opens, and nothing is missing',
  async (version) => {
    const factory = new IDBFactory();
    await make(factory, version);
    const store = new Store('db', factory as unknown as globalThis.IDBFactory);
    const journal = await store.journal(kid);
    expect([journal.records.length, journal.outbox.length]).toEqual([full, full]);
    expect(journal.outbox.every((row) => row.state === 'unsent')).toBe(true);
    expect((await store.blobNames(kid)).size).toBe(full);
    expect((await store.drafts(kid)).length).toBe(full);
    expect(new TextDecoder().decode((await store.text(kid, hash(full)))?.data)).toBe(`text ${full}`);
    expect(new TextDecoder().decode((await store.draft(kid, 'note/7'))?.data)).toBe('draft 7');
    await store.close();
  },
);
