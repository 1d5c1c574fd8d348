import { fromUTF8, utf8 } from '../core/encoding/text.ts';
import { genesis, type Hash, type ID, type KeyID } from '../core/record/index.ts';
import {
  deviceSigner,
  type KeySet,
  newDeviceKey,
  openPinnedKeySet,
  type Signer,
  thumbprint,
} from '../core/seal/index.ts';
import { Caller } from '../net/index.ts';
import {
  type BlobState,
  type Cell,
  type KeyRow,
  type OutboxRow,
  type RecordRow,
  type SpaceRow,
  type Store,
  StoreError,
  type Vault,
} from '../store/index.ts';
import type { Ports } from './ports.ts';
import { turn } from './turn.ts';

/** What the phone knows of a record without opening it. Kept in a cell: it says who was visited. */
export interface RecordFacts {
  id: ID;
  kind: string;
  case: ID;
  visit: ID | '';
  amends: Hash | '';
  blobs: { id: string; role: string; sha256: string; size: number; type: string; of: string }[];
}

/** One own record: its place, what it is about, and where it stands. */
export interface Entry {
  row: RecordRow;
  facts: RecordFacts;
  out: OutboxRow;
}

/** Where the cell of a row lies: what the vault binds it to. */
export const places = {
  facts: (hash: Hash) => `records/${hash}`,
  text: (hash: Hash) => `texts/${hash}`,
  blob: (sha256: string) => `blobs/${sha256}`,
  draft: (key: string) => `drafts/${key}`,
  cache: (type: string, id: string) => `cache/${type}/${id}`,
};

/** So many rows are looked at in one go: what a thumb asks for in between is done first. */
const slice = 100;

/** One member at work: his space, unlocked, with what must be at hand in memory. */
export class Session {
  readonly ports: Ports;
  readonly store: Store;
  readonly vault: Vault;
  /** Called when own records, or what is known of them, have changed. */
  readonly changed: () => void;
  space: SpaceRow;
  keys = new Map<KeyID, KeyRow>();
  entries = new Map<Hash, Entry>();
  set: KeySet;
  /** Last ledger index inside a finished backup, as the server said last. */
  safeIndex = -1;
  /** ms, as the server said last; 0 before. */
  serverTime = 0;
  /** How often this page has written rows of its own, or read all. */
  #written = 0;
  readonly #signers = new Map<KeyID, Signer>();
  readonly #callers = new Map<KeyID, Caller>();

  private constructor(ports: Ports, store: Store, vault: Vault, space: SpaceRow, set: KeySet, changed: () => void) {
    this.ports = ports;
    this.store = store;
    this.vault = vault;
    this.space = space;
    this.set = set;
    this.changed = changed;
  }

  /** Reads a space; set is the key set of its row. Throws StoreError; locked when the vault is not its own. */
  static async open(
    ports: Ports,
    store: Store,
    vault: Vault,
    space: SpaceRow,
    set: KeySet,
    changed: () => void,
  ): Promise<Session> {
    const s = new Session(ports, store, vault, space, set, changed);
    await s.reload();
    return s;
  }

  /** Reads all rows again: another tab may have written. Facts that are known are not opened again. */
  async reload(): Promise<void> {
    while (!(await this.#readAll())) {
      // something was written here meanwhile: what was read is older than what is known
    }
    this.changed();
  }

  /** Reads all rows and takes them over, unless this page has written, or read, since it began to. Reports whether it did. */
  async #readAll(): Promise<boolean> {
    const written = this.#written;
    const [house, journal] = await Promise.all([this.store.house(), this.store.journal(this.space.id)]);
    const space = house.spaces.find((s) => s.id === this.space.id);
    if (!space) throw new StoreError('missing', 'space');
    const set = space.keys === this.space.keys ? this.set : await openPinnedKeySet(space.keys, space.root);
    const out = new Map(journal.outbox.map((row) => [row.hash, row]));
    const rows = journal.records.sort((a, b) => (a.kid === b.kid ? a.seq - b.seq : a.at - b.at));
    // All at once: WebCrypto opens them beside the page, so that a week of records costs little more than one.
    const facts = await Promise.all(rows.map((row) => this.entries.get(row.hash)?.facts ?? this.readFacts(row)));
    const entries = new Map<Hash, Entry>();
    for (const [n, row] of rows.entries()) {
      if (n % slice === slice - 1) await turn();
      const about = facts[n] as RecordFacts;
      const before = this.entries.get(row.hash);
      const now = out.get(row.hash) ?? freshOutbox(row, about);
      entries.set(row.hash, before && isSame(before.out, now) ? before : { row, facts: about, out: now });
    }
    if (written !== this.#written) return false;
    this.#written++; // who began to read before this began again
    this.set = set;
    this.space = space;
    this.keys = new Map(house.keys.filter((k) => k.space === space.id).map((k) => [k.kid, k]));
    this.entries = entries;
    return true;
  }

  async readFacts(row: RecordRow): Promise<RecordFacts> {
    return JSON.parse(await this.openText(places.facts(row.hash), row.facts)) as RecordFacts;
  }

  /** The key that seals. */
  get key(): KeyRow {
    const key = this.keys.get(this.space.current);
    if (!key) throw new StoreError('missing', 'key');
    return key;
  }

  signer(key: KeyRow): Signer {
    let signer = this.#signers.get(key.kid);
    if (!signer) {
      signer = deviceSigner(key);
      this.#signers.set(key.kid, signer);
    }
    return signer;
  }

  /** Speaks with the newest key that the server knows. */
  get caller(): Caller {
    const current = this.key;
    if (current.certificate !== '') return this.callerOf(current);
    const known = [...this.keys.values()].findLast((k) => k.certificate !== '');
    return this.callerOf(known ?? current);
  }

  callerOf(key: KeyRow): Caller {
    let caller = this.#callers.get(key.kid);
    if (!caller) {
      caller = new Caller(this.space.publicURL, this.signer(key), this.ports);
      this.#callers.set(key.kid, caller);
    }
    return caller;
  }

  sealText(place: string, text: string): Promise<Cell> {
    return this.vault.seal(place, utf8(text));
  }

  async openText(place: string, cell: Cell): Promise<string> {
    const text = fromUTF8(await this.vault.open(place, cell));
    if (text === undefined) throw new StoreError('damaged', place);
    return text;
  }

  /** The compact form of an own record. Throws StoreError with missing when it was let go of. */
  async text(hash: Hash): Promise<string> {
    const cell = await this.store.text(this.space.id, hash);
    if (!cell) throw new StoreError('missing', 'text');
    return this.openText(places.text(hash), cell);
  }

  /** Notes where records stand, in the store first. */
  async note(rows: readonly OutboxRow[], acked?: ReadonlyMap<KeyID, { seq: number; hash: Hash }>): Promise<void> {
    await this.store.note(rows, acked);
    this.take(rows);
    for (const [kid, head] of acked ?? []) {
      const key = this.keys.get(kid);
      if (key) this.keys.set(kid, { ...key, acked: head });
    }
    this.changed();
  }

  /** Takes over a record that was sealed here. */
  hold(entry: Entry): void {
    this.#written++;
    this.entries.set(entry.row.hash, entry);
  }

  /** Takes over rows that the store has. */
  take(rows: readonly OutboxRow[]): void {
    this.#written++;
    for (const out of rows) {
      const entry = this.entries.get(out.hash);
      if (entry) this.entries.set(out.hash, { ...entry, out });
    }
  }

  /** Notes when the server has received something last, on its clock, as a verified receipt says. */
  async received(at: number): Promise<void> {
    if (at > this.space.lastReceivedAt) await this.changeSpace({ lastReceivedAt: at });
  }

  async changeSpace(change: Partial<SpaceRow>): Promise<void> {
    this.space = await this.store.changeSpace(this.space.id, change);
    this.changed();
  }

  /** An own record by its place in a journal. */
  at(kid: KeyID, seq: number): Entry | undefined {
    for (const e of this.entries.values()) if (e.row.kid === kid && e.row.seq === seq) return e;
    return undefined;
  }
}

/** Nothing has happened to a record. Its entry then stays the same object, for those who look only at what is new. */
function isSame(a: OutboxRow, b: OutboxRow): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A record of which nobody has said anything yet. */
export function freshOutbox(row: RecordRow, facts: RecordFacts): OutboxRow {
  const { space, hash, kid, seq } = row;
  const blobs = facts.blobs.map((b) => freshBlob(b.id, b.sha256, b.size, b.of !== '' || b.role === 'redacted'));
  return {
    space,
    hash,
    kid,
    seq,
    state: 'unsent',
    receipt: '',
    index: -1,
    receivedAt: 0,
    flags: [],
    suspect: '',
    problem: '',
    blobs,
    released: false,
  };
}

function freshBlob(id: string, sha256: string, size: number, derived: boolean): BlobState {
  return { id, sha256, size, derived, receipt: '', index: -1, upload: '', offset: 0, problem: '' };
}

/**
 * The same record with every receipt void: to be proven anew. What was let go of stays as it is. What the office has rejected is pushed again too:
 * a server that was thrown back may have forgotten the text and the decision.
 */
export function voided(out: OutboxRow): OutboxRow {
  if (out.released) return out;
  const blobs = out.blobs.map((b) => freshBlob(b.id, b.sha256, b.size, b.derived));
  return { ...out, state: 'unsent', receipt: '', index: -1, receivedAt: 0, suspect: '', problem: '', blobs };
}

/** A key for a space, new and unknown to the server. */
export async function newKey(space: string, authorisedBy: KeyID | ''): Promise<KeyRow> {
  const { publicKey, privateKey } = await newDeviceKey();
  const kid = await thumbprint(publicKey);
  const head = genesis(kid);
  return {
    kid,
    space: space || kid,
    publicKey,
    privateKey,
    certificate: '',
    authorisedBy,
    stopped: false,
    head,
    acked: head,
  };
}
