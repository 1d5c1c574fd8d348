import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { StoreError } from './fault.ts';
import { celled, type Schema } from './schema.ts';

/** The one transaction in which the schema changes: all of it happens, or none. */
export type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>;

/** One step of the schema; a version of the database is the number of steps taken. */
export type Step = (db: IDBPDatabase<Schema>, tx: Upgrade) => Promise<void>;

/** The shipped steps. One that has been shipped is never changed: old phones hold its result. */
export const steps: readonly Step[] = [
  async (db) => {
    db.createObjectStore('meta', { keyPath: 'key' });
    db.createObjectStore('spaces', { keyPath: 'id' });
    db.createObjectStore('keys', { keyPath: 'kid' });
    db.createObjectStore('records', { keyPath: ['space', 'hash'] });
    db.createObjectStore('texts', { keyPath: ['space', 'hash'] });
    db.createObjectStore('outbox', { keyPath: ['space', 'hash'] });
    db.createObjectStore('blobs', { keyPath: ['space', 'sha256'] });
    db.createObjectStore('drafts', { keyPath: ['space', 'key'] });
    db.createObjectStore('cache', { keyPath: ['space', 'generation', 'type', 'id'] });
  },
  // Each unlock asks for cells of another vault: an index answers without reading the photos.
  async (_db, tx) => {
    for (const [name, place] of celled) tx.objectStore(name).createIndex('vault', ['space', `${place}.v`]);
  },
];

/**
 * Gives a store a new form: copies every row into a store beside it, counts both,
 * and only then puts the new one into the place of the old. A row that cannot be
 * carried over, or a count that differs, ends the whole upgrade: the database
 * stays as it was, in its old version. Cells are carried as they are; a step
 * never needs a PIN.
 */
export async function reshape(
  db: IDBPDatabase<Schema>,
  tx: Upgrade,
  name: StoreNames<Schema>,
  keyPath: string | string[],
  carry: (row: unknown) => unknown,
): Promise<void> {
  const beside = `${name}.new`;
  const raw = db as unknown as IDBPDatabase;
  const old = tx.objectStore(name);
  const next = raw.createObjectStore(beside, { keyPath });
  let copied = 0;
  for (let cursor = await old.openCursor(); cursor; cursor = await cursor.continue()) {
    await next.add(carry(cursor.value));
    copied++;
  }
  const [before, after] = [await old.count(), await next.count()];
  if (copied !== before || after !== before) throw new StoreError('migration', `${name}: ${after} of ${before}`);
  raw.deleteObjectStore(name);
  next.name = name;
}
