/**
 * Package store keeps what the phone must not lose: spaces and their keys,
 * sealed records, blobs, the outbox, drafts, and the cache of the feed, in one
 * IndexedDB. Every method is one transaction; a method that writes resolves only
 * when a strict write was confirmed, and throws StoreError when nothing was
 * written. Values are cells (vault.ts); the rest of a row is in the clear so
 * that an outbox can be counted without a PIN.
 */
import type { Hash, Head, KeyID } from '../core/record/index.ts';
import { Database } from './database.ts';
import { StoreError } from './fault.ts';
import type { Step } from './migrate.ts';
import {
  type BlobRow,
  type CacheRow,
  type Cell,
  celled,
  type DraftRow,
  type KeyRow,
  type OutboxRow,
  type RecordRow,
  type SpaceRow,
  type TextRow,
} from './schema.ts';

/** One record to be kept, with everything that must appear together with it. */
export interface Append {
  record: RecordRow;
  text: TextRow;
  outbox: OutboxRow;
  /** The head that the record was sealed on. */
  on: Head;
  /** Staged blobs that must be there. */
  blobs: readonly string[];
  /** Drafts that are done with it. */
  consumes: readonly string[];
}

/** All rows of one store that belong to a space. */
const of = (space: string) => IDBKeyRange.bound([space], [space, []]);

export class Store {
  readonly #db: Database;

  constructor(name: string, factory: IDBFactory, steps?: readonly Step[]) {
    this.#db = new Database(name, factory, steps);
  }

  /** Tells what happens to the database while it is in use: it was emptied from outside, or a newer version of the app has taken it over. */
  watch({ emptied, outdated }: { emptied(): void; outdated(): void }): void {
    this.#db.onEmptied = emptied;
    this.#db.onOutdated = outdated;
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  // Facts of the installation

  async meta(key: string): Promise<unknown> {
    return this.#db.read(['meta'], async (tx) => (await tx.objectStore('meta').get(key))?.value);
  }

  /** undefined removes it. */
  putMeta(key: string, value: unknown): Promise<void> {
    return this.#db.write(['meta'], async (tx) => {
      if (value === undefined) await tx.objectStore('meta').delete(key);
      else await tx.objectStore('meta').put({ key, value });
    });
  }

  // Spaces and keys

  /** All spaces and keys; no cell is opened. */
  house(): Promise<{ spaces: SpaceRow[]; keys: KeyRow[]; current: string }> {
    return this.#db.read(['spaces', 'keys', 'meta'], async (tx) => {
      const [spaces, keys, current] = await Promise.all([
        tx.objectStore('spaces').getAll(),
        tx.objectStore('keys').getAll(),
        tx.objectStore('meta').get('current'),
      ]);
      return { spaces, keys, current: typeof current?.value === 'string' ? current.value : '' };
    });
  }

  /** A member moves in, or another key for him: space, key and who works now appear together. */
  moveIn(space: SpaceRow, key: KeyRow): Promise<void> {
    return this.#db.write(['spaces', 'keys', 'meta'], async (tx) => {
      await tx.objectStore('spaces').put(space);
      await tx.objectStore('keys').put(key);
      await tx.objectStore('meta').put({ key: 'current', value: space.id });
      await tx.objectStore('meta').delete('pending');
    });
  }

  /** Changes a space. */
  changeSpace(id: string, change: Partial<SpaceRow>): Promise<SpaceRow> {
    return this.#db.write(['spaces'], async (tx) => {
      const row = await tx.objectStore('spaces').get(id);
      if (!row) throw new StoreError('missing', 'space');
      const next = { ...row, ...change, id };
      await tx.objectStore('spaces').put(next);
      return next;
    });
  }

  /** Changes what is known of a key; never its head, which append alone moves. */
  changeKey(kid: KeyID, change: Partial<Omit<KeyRow, 'kid' | 'head'>>): Promise<KeyRow> {
    return this.#db.write(['keys'], async (tx) => {
      const row = await tx.objectStore('keys').get(kid);
      if (!row) throw new StoreError('missing', 'key');
      const next = { ...row, ...change };
      await tx.objectStore('keys').put(next);
      return next;
    });
  }

  /** A key seals no more and another one, which the server need not know yet, takes its place. Nothing when another tab was first. */
  succeed(old: KeyID, next: KeyRow): Promise<boolean> {
    return this.#db.write(['spaces', 'keys'], async (tx) => {
      const row = await tx.objectStore('keys').get(old);
      const space = await tx.objectStore('spaces').get(next.space);
      if (!row || !space) throw new StoreError('missing', 'key');
      if (row.stopped || space.current !== old) return false;
      await tx.objectStore('keys').put({ ...row, stopped: true });
      await tx.objectStore('keys').put(next);
      await tx.objectStore('spaces').put({ ...space, current: next.kid });
      return true;
    });
  }

  // The journal

  /** Keeps bytes for a record that is about to be sealed. A crash here leaves litter, which sweep removes. */
  stage(rows: readonly BlobRow[]): Promise<void> {
    return this.#db.write(['blobs'], async (tx) => {
      for (const row of rows) await tx.objectStore('blobs').put(row);
    });
  }

  /**
   * Keeps a record: compares the head, then writes record, text, head and outbox
   * and removes the drafts that it consumes, in one transaction. The same record
   * again changes nothing. Throws StoreError with head or stopped (sign again) or
   * blob.
   */
  append(a: Append): Promise<void> {
    const { space, hash, kid, seq } = a.record;
    return this.#db.write(['keys', 'records', 'texts', 'outbox', 'blobs', 'drafts'], async (tx) => {
      const [key, ...staged] = await Promise.all([
        tx.objectStore('keys').get(kid),
        ...a.blobs.map((sha256) => tx.objectStore('blobs').getKey([space, sha256])),
      ]);
      if (!key) throw new StoreError('missing', 'key');
      if (key.head.hash === hash) return;
      if (key.stopped) throw new StoreError('stopped');
      if (key.head.seq !== a.on.seq || key.head.hash !== a.on.hash) throw new StoreError('head');
      const gone = a.blobs.find((_, n) => staged[n] === undefined);
      if (gone !== undefined) throw new StoreError('blob', gone);
      // Asked for in one breath: a person waits for the way to the database once, not five times.
      await Promise.all([
        tx.objectStore('records').add(a.record),
        tx.objectStore('texts').add(a.text),
        tx.objectStore('outbox').add(a.outbox),
        tx.objectStore('keys').put({ ...key, head: { seq, hash } }),
        ...a.consumes.map((draft) => tx.objectStore('drafts').delete([space, draft])),
      ]);
    });
  }

  /** Every record of a space and where it stands. */
  journal(space: string): Promise<{ records: RecordRow[]; outbox: OutboxRow[] }> {
    return this.#db.read(['records', 'outbox'], async (tx) => {
      const [records, outbox] = await Promise.all([
        tx.objectStore('records').getAll(of(space)),
        tx.objectStore('outbox').getAll(of(space)),
      ]);
      return { records, outbox };
    });
  }

  /** Where the records of all spaces stand. */
  outboxes(): Promise<OutboxRow[]> {
    return this.#db.read(['outbox'], (tx) => tx.objectStore('outbox').getAll());
  }

  text(space: string, hash: Hash): Promise<Cell | undefined> {
    return this.#db.read(['texts'], async (tx) => (await tx.objectStore('texts').get([space, hash]))?.text);
  }

  blob(space: string, sha256: string): Promise<BlobRow | undefined> {
    return this.#db.read(['blobs'], (tx) => tx.objectStore('blobs').get([space, sha256]));
  }

  /** Names of the blobs that are here. */
  blobNames(space: string): Promise<Set<string>> {
    return this.#db.read(['blobs'], async (tx) => {
      const keys = await tx.objectStore('blobs').getAllKeys(of(space));
      return new Set(keys.map(([, sha256]) => sha256));
    });
  }

  /** Removes blobs that no record names: what a seal left that did not come to its end. In one transaction, so that another tab's record keeps its own. */
  sweep(space: string): Promise<void> {
    return this.#db.write(['outbox', 'blobs'], async (tx) => {
      const [rows, names] = await Promise.all([
        tx.objectStore('outbox').getAll(of(space)),
        tx.objectStore('blobs').getAllKeys(of(space)),
      ]);
      const named = new Set(rows.filter((r) => !r.released).flatMap((r) => r.blobs.map((b) => b.sha256)));
      for (const [, sha256] of names) if (!named.has(sha256)) await tx.objectStore('blobs').delete([space, sha256]);
    });
  }

  /** Notes where records stand now, and heads that the server told, together. */
  note(rows: readonly OutboxRow[], acked: ReadonlyMap<KeyID, Head> = new Map()): Promise<void> {
    return this.#db.write(['outbox', 'keys'], async (tx) => {
      for (const row of rows) await tx.objectStore('outbox').put(row);
      for (const [kid, head] of acked) {
        const key = await tx.objectStore('keys').get(kid);
        if (key) await tx.objectStore('keys').put({ ...key, acked: head });
      }
    });
  }

  /** Another ledger: its name, and what is to be proven anew, together. */
  adopt(space: string, change: Partial<SpaceRow>, rows: readonly OutboxRow[], kids: readonly KeyID[]): Promise<void> {
    return this.#db.write(['spaces', 'outbox', 'keys'], async (tx) => {
      const row = await tx.objectStore('spaces').get(space);
      if (!row) throw new StoreError('missing', 'space');
      await tx.objectStore('spaces').put({ ...row, ...change, id: space });
      for (const kid of kids) {
        const key = await tx.objectStore('keys').get(kid);
        if (key) await tx.objectStore('keys').put({ ...key, acked: { seq: 0, hash: kid } });
      }
      for (const row of rows) await tx.objectStore('outbox').put(row);
    });
  }

  /** Lets go of content that the server and its backup have. */
  release(space: string, rows: readonly OutboxRow[], texts: readonly Hash[], blobs: readonly string[]): Promise<void> {
    return this.#db.write(['outbox', 'texts', 'blobs'], async (tx) => {
      for (const row of rows) await tx.objectStore('outbox').put(row);
      for (const hash of texts) await tx.objectStore('texts').delete([space, hash]);
      for (const sha256 of blobs) await tx.objectStore('blobs').delete([space, sha256]);
    });
  }

  // Drafts

  draft(space: string, key: string): Promise<Cell | undefined> {
    return this.#db.read(['drafts'], async (tx) => (await tx.objectStore('drafts').get([space, key]))?.value);
  }

  putDraft(row: DraftRow): Promise<void> {
    return this.#db.write(['drafts'], async (tx) => {
      await tx.objectStore('drafts').put(row);
    });
  }

  deleteDraft(space: string, key: string): Promise<void> {
    return this.#db.write(['drafts'], (tx) => tx.objectStore('drafts').delete([space, key]));
  }

  drafts(space: string): Promise<string[]> {
    return this.#db.read(['drafts'], async (tx) =>
      (await tx.objectStore('drafts').getAllKeys(of(space))).map(([, key]) => key),
    );
  }

  // The cache of the feed

  cached(space: string, generation: number): Promise<CacheRow[]> {
    return this.#db.read(['cache'], (tx) => tx.objectStore('cache').getAll(generationOf(space, generation)));
  }

  /** One page of the feed and the cursor behind it, together. */
  cache(
    space: string,
    puts: readonly CacheRow[],
    removes: readonly Omit<CacheRow, 'body'>[],
    change: Partial<SpaceRow>,
  ): Promise<SpaceRow> {
    return this.#db.write(['cache', 'spaces'], async (tx) => {
      for (const row of puts) await tx.objectStore('cache').put(row);
      for (const r of removes) await tx.objectStore('cache').delete([r.space, r.generation, r.type, r.id]);
      const row = await tx.objectStore('spaces').get(space);
      if (!row) throw new StoreError('missing', 'space');
      const next = { ...row, ...change, id: space };
      await tx.objectStore('spaces').put(next);
      for (const old of [row.generation, row.rebuild?.generation]) {
        const kept = old === next.generation || old === next.rebuild?.generation;
        if (old !== undefined && !kept) await tx.objectStore('cache').delete(generationOf(space, old));
      }
      return next;
    });
  }

  // The vault

  /** Keys of rows whose cells are of another generation, by store; at most limit each. No cell is read. */
  foreign(space: string, generation: number, store: (typeof celled)[number][0], limit: number): Promise<IDBValidKey[]> {
    const before = IDBKeyRange.bound([space], [space, generation], false, true);
    const behind = IDBKeyRange.bound([space, generation], [space, []], true, false);
    return this.#db.read([store], async (tx) => {
      const index = tx.objectStore(store).index('vault');
      const found = await Promise.all([index.getAllKeys(before, limit), index.getAllKeys(behind, limit)]);
      return found.flat().slice(0, limit);
    });
  }

  /** One cell, wherever it lies. */
  cell(store: (typeof celled)[number][0], key: IDBValidKey): Promise<Cell | undefined> {
    const place = celled.find(([name]) => name === store)?.[1] ?? '';
    return this.#db.read([store], async (tx) => {
      const row = (await tx.objectStore(store).get(key as never)) as unknown as Record<string, Cell> | undefined;
      return row?.[place];
    });
  }

  /** Puts a cell into the place of one that still is as it was read. */
  replaceCell(store: (typeof celled)[number][0], key: IDBValidKey, from: number, to: Cell): Promise<void> {
    const place = celled.find(([name]) => name === store)?.[1] ?? '';
    return this.#db.write([store], async (tx) => {
      const row = (await tx.objectStore(store).get(key as never)) as unknown as Record<string, Cell> | undefined;
      if (row?.[place]?.v === from) await tx.objectStore(store).put({ ...row, [place]: to } as never);
    });
  }
}

const generationOf = (space: string, generation: number) =>
  IDBKeyRange.bound([space, generation], [space, generation, []]);
