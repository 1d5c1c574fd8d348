import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import type { Clock } from '../core/record/index.ts';
import type { Store } from '../store/index.ts';
import type { StorageReport } from './app.ts';
import type { Ports } from './ports.ts';
import type { Session } from './session.ts';

/** A measurement of the server's clock. */
export interface Measured {
  /** Server minus device, ms. */
  offsetMS: number;
  /** Device clock, ms. */
  at: number;
}

/** What the beacon remembers outside the store, so that an emptied store is noticed and told. */
interface Beacon {
  kid: string;
  seq: number;
  unsent: number;
}

/** How long a browser may take to answer whether it keeps the store; some never answer. */
const persistPatience = 5_000;

/** A measurement is written down again when it moved by more than this, or is older than an hour. */
const moved = 1_000;
const stale = 60 * 60_000;

/** Watches over what the platform may take away or get wrong: storage and clock. */
export class Watch {
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #storage = signal<StorageReport>({ persisted: false, asked: 'unasked', usage: 0, quota: 0, canary: 'new' });
  readonly #clock: Signal<Measured | undefined> = signal(undefined);
  readonly #contact = signal(0);
  #lost: Beacon | undefined;
  #shone = '';

  constructor(ports: Ports, store: Store) {
    this.#ports = ports;
    this.#store = store;
  }

  get storage(): ReadonlySignal<StorageReport> {
    return this.#storage;
  }

  get clock(): ReadonlySignal<Measured | undefined> {
    return this.#clock;
  }

  /** Device clock of the last answer, 0 before. */
  get contact(): ReadonlySignal<number> {
    return this.#contact;
  }

  /** Looks for the canary, and at the storage. */
  async start(hasSpaces: boolean): Promise<void> {
    const looked = this.look();
    const told = ['clock', 'canary', 'persist'].map((key) => this.#store.meta(key));
    const [clock, canary, persist] = await Promise.all(told);
    this.#clock.value = clock as Measured | undefined;
    const beacon = readBeacon(this.#ports.beacon.read());
    if (!hasSpaces && beacon) this.#lost = beacon;
    if (canary === undefined) await this.#store.putMeta('canary', Math.round(this.#ports.now()));
    const state = this.#lost ? 'gone' : canary === undefined ? 'new' : 'ok';
    const asked = (persist as StorageReport['asked'] | undefined) ?? 'unasked';
    this.#storage.value = { ...this.#storage.value, canary: state, asked };
    await looked;
  }

  /** Asks how much is used; what the platform does not tell stays as it was. */
  async look(): Promise<void> {
    try {
      const [persisted, { usage, quota }] = await Promise.all([
        this.#ports.storage.persisted(),
        this.#ports.storage.estimate(),
      ]);
      this.#storage.value = { ...this.#storage.value, persisted, usage, quota };
    } catch {
      // a browser that does not say
    }
  }

  async persist(): Promise<StorageReport> {
    const asking = this.#ports.storage.persist();
    let asked: StorageReport['asked'] = 'unsupported';
    if (asking) {
      let timer: unknown;
      const silence = new Promise<undefined>((resolve) => {
        timer = this.#ports.timers.set(() => resolve(undefined), persistPatience);
      });
      const granted = await Promise.race([asking.catch(() => false), silence]);
      this.#ports.timers.clear(timer);
      asked = granted === undefined ? 'silent' : granted ? 'granted' : 'denied';
    }
    await this.#store.putMeta('persist', asked);
    this.#storage.value = { ...this.#storage.value, asked };
    await this.look();
    return this.#storage.value;
  }

  /** What a record says of the clock. */
  clockOf(): Clock | null {
    const c = this.#clock.value;
    return c ? { offsetMS: c.offsetMS, ageMS: Math.max(0, Math.round(this.#ports.now() - c.at)) } : null;
  }

  /** An answer: its server's clock stands between asking and hearing. */
  heard(serverTime: number, asked: number): void {
    const at = Math.round(this.#ports.now());
    this.#contact.value = at;
    const offsetMS = Math.round(serverTime - (asked + at) / 2);
    const before = this.#clock.value;
    this.#clock.value = { offsetMS, at };
    if (before && Math.abs(before.offsetMS - offsetMS) < moved && Math.abs(at - before.at) < stale) return;
    this.#store.putMeta('clock', { offsetMS, at } satisfies Measured).catch(() => undefined); // measured again soon
  }

  /** Notes outside the store what would be lost with it. */
  shine(session: Session, unsent: { records: number; blobs: number }): void {
    const { kid, head } = session.key;
    const text = JSON.stringify({ kid, seq: head.seq, unsent: unsent.records + unsent.blobs } satisfies Beacon);
    if (text === this.#shone) return;
    this.#shone = text;
    this.#ports.beacon.write(text);
  }

  /** The label of a device whose store was emptied says so: the office sees what may be lost. */
  label(label: string): string {
    const lost = this.#lost;
    if (!lost) return label;
    return `${[...label].slice(0, 24).join('')} (保存領域が消失: ${lost.kid.slice(0, 8)} 記録${lost.seq}・未送信${lost.unsent})`;
  }

  /** The loss was told. */
  async settled(): Promise<void> {
    this.#lost = undefined;
    this.#storage.value = { ...this.#storage.value, canary: 'ok' };
  }
}

function readBeacon(text: string | undefined): Beacon | undefined {
  try {
    const b = JSON.parse(text ?? '') as Partial<Beacon>;
    if (typeof b.kid !== 'string' || typeof b.seq !== 'number' || typeof b.unsent !== 'number') return undefined;
    return { kid: b.kid, seq: b.seq, unsent: b.unsent };
  } catch {
    return undefined;
  }
}
