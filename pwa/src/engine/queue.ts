import type { Hash } from '../core/record/index.ts';
import type { BlobState } from '../store/index.ts';
import type { Entry, Session } from './session.ts';
import { backoff, type Work } from './state.ts';

/** Problems of a blob that sending it again cannot mend. */
const final = ['gone', 'damaged', 'blob_not_named', 'size_mismatch', 'body_too_large'];

/** A record whose blobs may go: the server has it, in the ledger or in quarantine. */
export function isHeld(e: Entry): boolean {
  return e.out.state === 'received' || e.out.state === 'quarantined';
}

/** A blob that is still to go. */
export function isPending(b: BlobState): boolean {
  return b.receipt === '' && !final.includes(b.problem);
}

/**
 * What of the outbox is due, and what waits for its own second try. The waits
 * live in memory, on the page's own clock: a wall clock that jumps moves none.
 */
export class Queue {
  readonly #session: Session;
  readonly #waits = new Map<string, { tries: number; until: number }>();
  /** Blobs to ask a receipt for. */
  readonly confirm = new Set<string>();
  /** Blobs that are on their way, with the bytes that the server has. */
  readonly sending = new Map<string, number>();
  /** Records that are on their way. */
  readonly pushing = new Set<Hash>();
  /** Records in one push; halved when a batch fails as a whole. */
  batch = 200;
  /** How long content stays after it is safe, ms of the server's clock. */
  readonly keep: number;

  constructor(session: Session, keep: number) {
    this.#session = session;
    this.keep = keep;
  }

  /** An item has failed by itself: it waits, alone. */
  defer(item: string, wait = 0): void {
    const tries = (this.#waits.get(item)?.tries ?? 0) + 1;
    const chance = (this.#session.ports.random(new Uint8Array(1))[0] ?? 0) / 256;
    this.#waits.set(item, { tries, until: this.#session.ports.mono() + backoff(tries + 2, wait, chance) });
  }

  /** How often an item has failed by itself. */
  tries(item: string): number {
    return this.#waits.get(item)?.tries ?? 0;
  }

  /** An item has gone through. */
  settle(item: string): void {
    this.#waits.delete(item);
  }

  /** A person asks for another try of everything. */
  hurry(): void {
    for (const w of this.#waits.values()) w.until = 0;
  }

  waits(item: string): boolean {
    const w = this.#waits.get(item);
    return w !== undefined && w.until > this.#session.ports.mono();
  }

  /** Unsent records in the order of their journals. */
  records(): Entry[] {
    return [...this.#session.entries.values()].filter((e) => this.#isDue(e));
  }

  #isDue(e: Entry): boolean {
    const known = this.#session.keys.get(e.row.kid)?.certificate !== '';
    return e.out.state === 'unsent' && known && !this.waits(e.out.hash);
  }

  /** Blobs that may go now: previews first, for who waits at the other end. */
  due(): { entry: Entry; blob: BlobState }[] {
    return [...this.blobs('previews'), ...this.blobs('originals')];
  }

  /** Those of a kind, oldest record first. */
  blobs(which: 'previews' | 'originals' | 'confirm'): { entry: Entry; blob: BlobState }[] {
    const list: { entry: Entry; blob: BlobState }[] = [];
    for (const entry of this.#session.entries.values()) {
      if (!isHeld(entry)) continue;
      for (const blob of entry.out.blobs) {
        if (isPending(blob) && !this.waits(blobKey(entry, blob)) && this.#kind(entry, blob) === which) {
          list.push({ entry, blob });
        }
      }
    }
    return list;
  }

  #kind(entry: Entry, blob: BlobState): 'previews' | 'originals' | 'confirm' | 'held' {
    if (this.confirm.has(blobKey(entry, blob))) return 'confirm';
    if (blob.derived) return 'previews';
    return this.isHeldBack(blob) ? 'held' : 'originals';
  }

  /** The rep wants originals to wait for Wi-Fi, and there is none. */
  get isHolding(): boolean {
    return this.#session.space.originalsOnWifi && !this.#session.ports.cheap();
  }

  isHeldBack(blob: BlobState): boolean {
    return !blob.derived && this.isHolding;
  }

  /** Records that are safe: receipt and blob receipts lie inside a finished backup, and the time to keep them is over. */
  safe(): Entry[] {
    const { entries, safeIndex, serverTime } = this.#session;
    const isSafe = (e: Entry) =>
      e.out.state === 'received' &&
      !e.out.released &&
      e.out.index >= 0 &&
      e.out.index <= safeIndex &&
      serverTime - e.out.receivedAt >= this.keep &&
      e.out.blobs.every((b) => b.receipt !== '' && b.index <= safeIndex);
    return [...entries.values()].filter(isSafe);
  }

  /** What there is to do, for the machine. */
  work(): Work {
    let nextTry: number | undefined;
    const now = this.#session.ports.mono();
    for (const w of this.#waits.values()) {
      if (w.until > now) nextTry = Math.min(nextTry ?? Number.POSITIVE_INFINITY, w.until - now);
    }
    return {
      unenrolled: [...this.#session.keys.values()].filter((k) => k.certificate === '' && !this.waits(k.kid)).length,
      records: this.records().length,
      confirm: this.blobs('confirm').length,
      blobs: this.due().length,
      release: this.safe().length,
      nextTry,
    };
  }
}

/** Names one blob of one record. */
export function blobKey(e: Entry, b: { sha256: string }): string {
  return `${e.out.hash}/${b.sha256}`;
}
