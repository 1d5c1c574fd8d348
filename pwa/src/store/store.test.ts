import 'fake-indexeddb/auto';
import { forceCloseDatabase, IDBFactory } from 'fake-indexeddb';
import type { IDBPDatabase, StoreNames } from 'idb';
import { describe, expect, test } from 'vitest';
import type { KeyRow, OutboxRow, SpaceRow } from './index.ts';
import { pack, reshape, Store, StoreError, steps, unpack } from './index.ts';
import type { Schema } from './schema.ts';
import { keyedVault, newDataKey, newMacKey, openVault, unwrapDataKey, wrapDataKey } from './vault.ts';

const random = (into: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(into);
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const kid = 'k'.repeat(43);
const hash = (n: number) => String(n).padStart(43, 'h');

const outboxRow = (n: number): OutboxRow => ({
  space: kid,
  hash: hash(n),
  kid,
  seq: n,
  state: 'unsent',
  receipt: '',
  index: -1,
  receivedAt: 0,
  flags: [],
  suspect: '',
  problem: '',
  blobs: [],
  released: false,
});

async function space(): Promise<{ space: SpaceRow; key: KeyRow }> {
  const mac = await newMacKey();
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const head = { seq: 0, hash: kid };
  return {
    space: {
      id: kid,
      member: 'm',
      name: '佐藤',
      publicURL: 'https://x',
      root: kid,
      pinned: true,
      origin: 'x',
      keys: '',
      current: kid,
      mac,
      vault: null,
      wrong: 0,
      waitUntil: 0,
      generation: 1,
      cursor: '',
      rebuild: null,
      label: '',
      originalsOnWifi: false,
      lastReceivedAt: 0,
    },
    key: {
      kid,
      space: kid,
      publicKey: { kty: 'EC', crv: 'P-256', x: '', y: '' },
      privateKey: pair.privateKey,
      certificate: '',
      authorisedBy: '',
      stopped: false,
      head,
      acked: head,
    },
  };
}

/** A factory that shows the connections that were opened through it. */
function watched(): { factory: IDBFactory; connections: IDBDatabase[] } {
  const inner = new IDBFactory();
  const connections: IDBDatabase[] = [];
  const open = inner.open.bind(inner);
  inner.open = (name: string, version?: number) => {
    const request = open(name, version);
    request.addEventListener('success', () => connections.push(request.result as unknown as IDBDatabase));
    return request;
  };
  return { factory: inner, connections };
}

async function filled(factory: IDBFactory, n: number): Promise<Store> {
  const store = new Store('db', factory as unknown as globalThis.IDBFactory);
  const made = await space();
  await store.moveIn(made.space, made.key);
  for (let i = 1; i <= n; i++) await append(store, i);
  return store;
}

async function append(store: Store, n: number, on = { seq: n - 1, hash: n === 1 ? kid : hash(n - 1) }): Promise<void> {
  const cell = await openVault.seal('', bytes(`text ${n}`));
  await store.append({
    record: { space: kid, hash: hash(n), kid, seq: n, at: n, size: 6, facts: cell },
    text: { space: kid, hash: hash(n), text: cell },
    outbox: outboxRow(n),
    on,
    blobs: [],
    consumes: [],
  });
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (e) => (e instanceof StoreError ? e.code : String(e)),
  );

describe('journal', () => {
  test('record, text, outbox and head appear together, and only on the head that was signed on', async () => {
    const store = await filled(new IDBFactory(), 2);
    expect(await codeOf(append(store, 4, { seq: 1, hash: hash(1) }))).toBe('head');
    expect(await codeOf(append(store, 2))).toBe('done'); // the same record again
    const { records, outbox } = await store.journal(kid);
    expect([records.length, outbox.length, (await store.house()).keys[0]?.head]).toEqual([
      2,
      2,
      { seq: 2, hash: hash(2) },
    ]);
    await store.succeed(kid, { ...(await space()).key, kid: 'n'.repeat(43) });
    expect(await codeOf(append(store, 3))).toBe('stopped');
  });

  test('a blob that is not there keeps the whole record out, drafts included', async () => {
    const store = await filled(new IDBFactory(), 0);
    const cell = await openVault.seal('', bytes('x'));
    await store.putDraft({ space: kid, key: 'form', value: cell });
    const with_ = (blobs: string[]) =>
      store.append({
        record: { space: kid, hash: hash(1), kid, seq: 1, at: 1, size: 1, facts: cell },
        text: { space: kid, hash: hash(1), text: cell },
        outbox: outboxRow(1),
        on: { seq: 0, hash: kid },
        blobs,
        consumes: ['form'],
      });
    expect(await codeOf(with_(['aa']))).toBe('blob');
    expect([(await store.journal(kid)).records.length, await store.drafts(kid)]).toEqual([0, ['form']]);
    await store.stage([{ space: kid, sha256: 'aa', size: 1, bytes: cell }]);
    expect(await codeOf(with_(['aa']))).toBe('done');
    expect([(await store.journal(kid)).records.length, await store.drafts(kid)]).toEqual([1, []]);
  });
});

describe('L02: the browser closes the database under the page', () => {
  test('the next call opens it again; a write that was cut off is repeated or told', async () => {
    const { factory, connections } = watched();
    const store = await filled(factory, 1);
    forceCloseDatabase(connections.at(-1) as never);
    await append(store, 2);
    const cut = append(store, 3);
    setImmediate(() => forceCloseDatabase(connections.at(-1) as never)); // in the middle of it
    const told = await codeOf(cut);
    const { records } = await store.journal(kid);
    expect([told, records.length]).toEqual(['done', 3]);
    expect(connections.length).toBeGreaterThan(1);
  });

  test('a database that comes back empty is told, and not written to', async () => {
    const { factory, connections } = watched();
    const store = await filled(factory, 1);
    let told = 0;
    store.watch({
      emptied: () => {
        told++;
      },
      outdated: () => undefined,
    });
    forceCloseDatabase(connections.at(-1) as never);
    await new Promise((done) => {
      factory.deleteDatabase('db').onsuccess = done;
    });
    const draft = store.putDraft({ space: kid, key: 'note', value: { v: 0, data: new ArrayBuffer(1) } });
    expect([await codeOf(draft), await codeOf(append(store, 2)), told]).toEqual(['emptied', 'emptied', 2]);
    expect(await factory.databases()).toEqual([]);
  });

  test('a database that does not come back is a fault, never "saved"', async () => {
    const { factory, connections } = watched();
    const store = await filled(factory, 1);
    forceCloseDatabase(connections.at(-1) as never);
    factory.open = () => {
      throw new DOMException('gone', 'UnknownError');
    };
    expect(await codeOf(append(store, 2))).toBe('failed');
  });

  test('a full disk is told as such, and nothing was written', async () => {
    const store = await filled(new IDBFactory(), 1);
    const put = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    try {
      expect(await codeOf(append(store, 2))).toBe('quota');
    } finally {
      IDBObjectStore.prototype.add = put;
    }
    expect((await store.house()).keys[0]?.head.seq).toBe(1);
  });
});

describe('L17: a change of the schema', () => {
  const reshaped = (carry: (row: unknown) => unknown) => [
    ...steps,
    (db: IDBPDatabase<Schema>, tx: Parameters<(typeof steps)[number]>[1]) =>
      reshape(db, tx, 'outbox' as StoreNames<Schema>, ['space', 'hash'], carry),
  ];

  test('takes over every row, counted', async () => {
    const factory = new IDBFactory() as unknown as globalThis.IDBFactory;
    const old = await filled(factory as never, 60);
    const before = await old.journal(kid);
    await old.close();
    const next = new Store(
      'db',
      factory,
      reshaped((row) => ({ ...(row as OutboxRow), tries: 0 })),
    );
    const after = await next.journal(kid);
    expect(after.outbox.length).toBe(60);
    expect(after.outbox.map(({ tries: _, ...row }: OutboxRow & { tries?: number }) => row)).toEqual(before.outbox);
    expect(after.outbox.every((row) => 'tries' in row)).toBe(true);
    expect((await next.text(kid, hash(60)))?.data.byteLength).toBe(7);
  });

  const throwing = (row: unknown) => {
    if ((row as OutboxRow).seq === 40) throw new Error('no');
    return row;
  };

  test.each([
    ['throws', throwing],
    ['loses a row', (row: unknown) => ((row as OutboxRow).seq === 40 ? { ...(row as OutboxRow), hash: hash(1) } : row)],
  ])('one that %s leaves the old data as they were', async (_name, carry) => {
    const factory = new IDBFactory() as unknown as globalThis.IDBFactory;
    const old = await filled(factory as never, 60);
    await old.close();
    expect(await codeOf(new Store('db', factory, reshaped(carry)).journal(kid))).toBe('migration');
    const again = await new Store('db', factory).journal(kid);
    expect([again.records.length, again.outbox.length]).toEqual([60, 60]);
  });

  test('an older app beside a newer one says that it is outdated', async () => {
    const factory = new IDBFactory() as unknown as globalThis.IDBFactory;
    const old = await filled(factory as never, 1);
    let told = 0;
    const outdated = () => {
      told++;
    };
    old.watch({ emptied: () => undefined, outdated });
    const next = new Store(
      'db',
      factory,
      reshaped((row) => row),
    );
    expect((await next.journal(kid)).outbox.length).toBe(1);
    expect(told).toBe(1); // at once: before anything more is typed
    expect(await codeOf(append(old, 2))).toBe('outdated');
    expect((await next.journal(kid)).outbox.length).toBe(1);
  });
});

describe('vault', () => {
  test('a cell opens where it was put, with its key, and nowhere else', async () => {
    const vault = keyedVault(1, (await newDataKey(random)).key, random);
    const cell = await vault.seal('texts/a', bytes('髙橋'));
    expect(new TextDecoder().decode(await vault.open('texts/a', cell))).toBe('髙橋');
    expect(new TextDecoder().decode(cell.data)).not.toContain('髙橋');
    expect(await codeOf(vault.open('texts/b', cell))).toBe('damaged');
    expect(await codeOf(keyedVault(1, (await newDataKey(random)).key, random).open('texts/a', cell))).toBe('damaged');
    expect(await codeOf(openVault.open('texts/a', cell))).toBe('locked');
    const plain = await openVault.seal('texts/a', bytes('x'));
    expect(await vault.open('texts/a', plain)).toEqual(bytes('x')); // from before the PIN
  });

  test('the data key opens with the PIN on this device alone', async () => {
    const data = await newDataKey(random);
    const mac = await newMacKey();
    const more = { generation: 1, rescue: new ArrayBuffer(), random, iterations: 10 };
    const row = await wrapDataKey(data, '1234', mac, more);
    expect((await unwrapDataKey(row, '1234', mac)).bytes).toEqual(data.bytes);
    expect(await codeOf(unwrapDataKey(row, '1235', mac))).toBe('pin');
    expect(await codeOf(unwrapDataKey(row, '1234', await newMacKey()))).toBe('pin');
    expect(mac.extractable).toBe(false);
  });
});

describe('drafts', () => {
  test('plain data with bytes in it come back as they went', () => {
    const value = {
      a: [1, null, '辻󠄀'],
      photo: bytes('jpeg'),
      raw: bytes('buffer').buffer,
      deep: { b: new Uint8Array() },
    };
    expect(unpack(pack(value))).toEqual(value);
    expect(() => unpack(pack(value).subarray(0, -1))).toThrow(StoreError);
  });
});
