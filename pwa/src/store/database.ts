import { type IDBPDatabase, type IDBPTransaction, wrap } from 'idb';
import { StoreError, storeError } from './fault.ts';
import { type Step, steps, type Upgrade } from './migrate.ts';
import type { Name, Schema } from './schema.ts';

/** A transaction over some stores. */
export type Tx<M extends IDBTransactionMode> = IDBPTransaction<Schema, Name[], M>;

type Connection = IDBPDatabase<Schema>;

/**
 * The connection to IndexedDB. Browsers close it under the page (Safari under
 * memory pressure, every browser when its storage is cleared): then the next
 * call opens it again and repeats its transaction, which has written nothing.
 * Only what a transaction has confirmed is ever reported as done. A database
 * that is empty when it is opened again is not written to: what would be kept
 * there belongs to what is gone.
 */
export class Database {
  readonly #name: string;
  readonly #factory: IDBFactory;
  readonly #steps: readonly Step[];
  #connection: Promise<Connection> | undefined;
  #closed = false;
  /** It has been open: it is not new any more. */
  #used = false;
  /** Called when it is found empty. */
  onEmptied: () => void = () => undefined;
  /** Called when a newer version of the app has taken it over. */
  onOutdated: () => void = () => undefined;

  constructor(name: string, factory: IDBFactory, taken: readonly Step[] = steps) {
    this.#name = name;
    this.#factory = factory;
    this.#steps = taken;
  }

  /** Reads in one transaction. */
  read<T>(stores: Name[], work: (tx: Tx<'readonly'>) => Promise<T>): Promise<T> {
    return this.#run(stores, 'readonly', work);
  }

  /** Writes in one transaction and resolves when the disk has confirmed it. work may run twice, from the beginning. */
  write<T>(stores: Name[], work: (tx: Tx<'readwrite'>) => Promise<T>): Promise<T> {
    return this.#run(stores, 'readwrite', work);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = await this.#connection?.catch(() => undefined);
    connection?.close();
  }

  async #run<M extends 'readonly' | 'readwrite', T>(
    stores: Name[],
    mode: M,
    work: (tx: Tx<M>) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const at = this.#connect();
      try {
        return await once(await at, stores, mode, work);
      } catch (cause) {
        const error = storeError(cause);
        if (error.code !== 'failed' || attempt === 3 || this.#closed) throw error;
        if (this.#connection === at) this.#forget();
      }
    }
  }

  #connect(): Promise<Connection> {
    if (this.#closed) return Promise.reject(new StoreError('failed', 'closed'));
    this.#connection ??= this.#open().catch((cause: unknown) => {
      this.#connection = undefined;
      throw storeError(cause);
    });
    return this.#connection;
  }

  /** Lets go of a connection that may be dead. */
  #forget(): void {
    const old = this.#connection;
    this.#connection = undefined;
    old?.then((connection) => connection.close()).catch(() => undefined);
  }

  async #open(): Promise<Connection> {
    const request = this.#factory.open(this.#name, this.#steps.length);
    let fault: unknown;
    request.onupgradeneeded = (event) => {
      const db = wrap(request.result) as unknown as Connection;
      const tx = wrap(request.transaction as IDBTransaction) as unknown as Upgrade;
      tx.done.catch(() => undefined); // the request tells
      if (this.#used && event.oldVersion === 0) {
        fault = new StoreError('emptied');
        tx.abort(); // it does not come to be again
        this.onEmptied();
        return;
      }
      this.#upgrade(db, tx, event.oldVersion).catch((cause: unknown) => {
        fault = cause;
        try {
          tx.abort();
        } catch {
          // aborted by the fault itself
        }
      });
    };
    let connection: Connection;
    try {
      connection = (await wrap(request)) as unknown as Connection;
    } catch (cause) {
      if (fault) throw fault instanceof StoreError ? fault : new StoreError('migration', '', { cause: fault });
      const error = storeError(cause);
      if (error.code === 'outdated') this.onOutdated();
      throw error;
    }
    this.#used = true;
    const opened = this.#connection;
    connection.onclose = () => {
      if (this.#connection === opened) this.#connection = undefined;
    };
    // Another tab has a newer app: it is not to wait for this one. Without a version it is being deleted.
    connection.onversionchange = (event) => {
      if (this.#connection === opened) this.#connection = undefined;
      connection.close();
      if ((event.newVersion ?? 0) > this.#steps.length) this.onOutdated();
    };
    return connection;
  }

  async #upgrade(db: Connection, tx: Upgrade, from: number): Promise<void> {
    for (const step of this.#steps.slice(from)) await step(db, tx);
  }
}

async function once<M extends 'readonly' | 'readwrite', T>(
  connection: Connection,
  stores: Name[],
  mode: M,
  work: (tx: Tx<M>) => Promise<T>,
): Promise<T> {
  const tx = connection.transaction(stores, mode, { durability: 'strict' }) as unknown as Tx<M>;
  tx.done.catch(() => undefined); // told below; without this a second rejection would be nobody's
  let result: T;
  try {
    result = await work(tx);
  } catch (cause) {
    try {
      tx.abort();
    } catch {
      // it has ended already
    }
    await tx.done.catch(() => undefined);
    // The transaction knows better why a request of it failed.
    throw cause instanceof StoreError ? cause : reasonOf(tx, cause);
  }
  await tx.done;
  return result;
}

function reasonOf(tx: { error: DOMException | null }, cause: unknown): unknown {
  return tx.error?.name === 'QuotaExceededError' ? tx.error : cause;
}
