import { maxInt } from '../ijson/index.ts';
import {
  type Content,
  compareHashes,
  corrected,
  type Flag,
  type Hash,
  type ID,
  isOffice,
  type KeyID,
  withheld,
} from '../record/index.ts';

/** What is read of a record: its structure, its fields, and what names it. */
export type Entry = Content & { hash: Hash; keyID: KeyID };

/** What the ledger knows about a record beside the record itself. */
export interface Meta {
  /** In the ledger; −1 for a record that has no receipt yet, on a phone. */
  index: number;
  /**
   * The server's time of receipt in ms, out of the receipt; 0 when there is none.
   * A record cannot have happened later than this, so a device clock that runs
   * ahead is held back to it.
   */
  receivedAt: number;
  /** Flags that the record has, later ones included. */
  flags: readonly Flag[];
}

/** Bounds each list in a state. What comes beyond it is counted and stands in the ledger only. */
export const maxRefs = 2000;

/** Names one record and places it. The names are those of the JSON that server and feed carry. */
export interface Mark {
  record: Hash;
  /** When it happened, ms: see effective. */
  at: number;
  /** In the ledger, −1 while it has no receipt. */
  index: number;
  actor: ID;
  /** Absent for the office's. */
  device?: KeyID | undefined;
  /** In the device's journal. */
  seq?: number | undefined;
}

/** A record in a list, with what there is to say about it. */
export interface Ref extends Mark {
  kind: string;
  amends?: Hash | undefined;
  flags?: Flag[] | undefined;
  /** Flags that the office has explained. */
  answered?: Flag[] | undefined;
  /** Fields that are not here, not sent yet or erased. */
  withheld?: number | undefined;
}

/** A value, or undefined in place of an empty one: states leave out what says nothing. */
export function some<T extends string | number | boolean | readonly unknown[]>(v: T | undefined): T | undefined {
  return v === undefined || v === '' || v === 0 || v === false || (Array.isArray(v) && v.length === 0) ? undefined : v;
}

/** Places a record. */
export function refOf(r: Entry, m: Meta): Ref {
  return {
    record: r.hash,
    at: effective(r, m),
    index: m.index,
    actor: r.actor,
    device: isOffice(r) ? undefined : some(r.keyID),
    seq: some(r.seq),
    kind: r.kind,
    amends: some(r.amends),
    flags: some([...new Set(m.flags)].sort()),
    withheld: some(Math.max(withheld(r), 0)),
  };
}

/**
 * The moment that a record counts for: its own time by the server's clock as far
 * as the phone knew it, but never after its receipt. All of that is in the record
 * or in its receipt, so that a rebuild finds the same.
 */
function effective(r: Entry, m: Meta): number {
  const at = m.receivedAt > 0 ? Math.min(corrected(r), m.receivedAt) : corrected(r);
  return Math.min(Math.max(at, -maxInt), maxInt);
}

/** The mark of a ref alone, for what happened once. */
export function point(ref: Mark): Mark {
  return { record: ref.record, at: ref.at, index: ref.index, actor: ref.actor, device: ref.device, seq: ref.seq };
}

/**
 * The one order of entries. The journal decides between two of the same
 * millisecond; between journals the hash, which nobody can choose freely.
 */
export function before(a: Mark, b: Mark): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if ((a.seq ?? 0) !== (b.seq ?? 0)) return (a.seq ?? 0) < (b.seq ?? 0);
  return compareHashes(a.record, b.record) < 0;
}

/**
 * Inserts e into a list that is in order, or brings the entry of the same record
 * up to date; answers to its flags stay. Returns false when the list is full and
 * takes nothing new.
 */
export function put<E extends Mark & { answered?: Flag[] | undefined }>(list: E[], e: E): boolean {
  const held = list.findIndex((other) => other.record === e.record);
  if (held >= 0) {
    const [old] = list.splice(held, 1); // its time may have changed
    if (old?.answered) e.answered = old.answered;
  }
  if (list.length >= maxRefs) return false;
  let at = list.length;
  while (at > 0 && before(e, list[at - 1] as E)) at--;
  list.splice(at, 0, e);
  return true;
}

/** Bounds the explained flags of one record; there are not as many. */
const maxAnswered = 32;

/** Notes that the office has explained a flag of a record, if it is in the list. */
export function answer(list: readonly Ref[], hash: Hash, flag: string): void {
  const e = list.find((e) => e.record === hash);
  if (!e || flag === '') return;
  e.answered ??= [];
  if (!e.answered.includes(flag as Flag) && e.answered.length < maxAnswered) e.answered.push(flag as Flag);
}

/** Counts what did not fit into the lists of a state. */
export interface Overflow {
  more?: number | undefined;
  /** Highest index counted, so that nothing counts twice. */
  more_index?: number | undefined;
}

/** Counts a record that did not fit. */
export function overflow(o: Overflow, index: number): void {
  if (index <= (o.more_index ?? 0)) return;
  o.more = (o.more ?? 0) + 1;
  o.more_index = index;
}
