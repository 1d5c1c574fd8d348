import { fromUTF8 } from '../core/encoding/text.ts';
import type { ID } from '../core/record/index.ts';
import type { BlobState } from '../store/index.ts';
import type { ItemState, Outbox, OutboxBlob, OutboxRecord, OwnVisit, Unsent } from './app.ts';
import { blobKey, isPending, type Queue } from './queue.ts';
import type { Entry, Session } from './session.ts';

/** Where a record stands between here and the server. */
export function recordState(e: Entry, q: Queue): ItemState {
  if (e.out.state === 'received') return 'received';
  if (e.out.problem !== '') return 'attention';
  return q.pushing.has(e.out.hash) ? 'sending' : 'waiting';
}

/** The same for one of its blobs. */
export function blobState(e: Entry, b: BlobState, q: Queue): ItemState {
  if (b.receipt !== '') return 'received';
  if (q.sending.has(blobKey(e, b))) return 'sending';
  return b.problem !== '' ? 'attention' : 'waiting';
}

/** Whether a record, or one of its blobs, has no receipt. */
export function isUnsent(e: Entry): boolean {
  if (e.out.released) return false;
  return e.out.state === 'unsent' || e.out.blobs.some((b) => b.receipt === '');
}

/** What is unsent, counted. A quarantined record is with the server: its bytes are kept there too. */
export function unsent(entries: Iterable<Entry>): Unsent {
  const sum = { records: 0, blobs: 0, photos: 0, bytes: 0 };
  for (const e of entries) {
    if (e.out.released) continue;
    if (e.out.state === 'unsent') {
      sum.records++;
      sum.bytes += e.row.size;
    }
    const pending = e.out.blobs.filter((b) => b.receipt === '');
    for (const b of pending) sum.bytes += b.size - Math.min(b.size, b.offset);
    sum.blobs += pending.length;
    sum.photos += new Set(pending.map((b) => e.facts.blobs.find((f) => f.id === b.id)?.of || b.id)).size;
  }
  return sum;
}

/** Items that nothing moves in: a screen draws one again only when it is another object. An entry is replaced when its rows change. */
const resting = new WeakMap<Entry, { item: OutboxRecord; isHolding: boolean }>();

/** One record as the outbox shows it. */
function itemOf(e: Entry, q: Queue, isHolding: boolean): OutboxRecord {
  const isMoving = q.pushing.has(e.out.hash) || e.out.blobs.some((b) => q.sending.has(blobKey(e, b)));
  const before = resting.get(e);
  if (!isMoving && before?.isHolding === isHolding) return before.item;
  const { hash, seq, at, size } = e.row;
  const { kind, case: caseID, visit } = e.facts;
  const { flags, problem } = e.out;
  const blobs: OutboxBlob[] = e.out.blobs.map((b) => ({
    id: b.id,
    role: e.facts.blobs.find((f) => f.id === b.id)?.role ?? '',
    sha256: b.sha256,
    size: b.size,
    sent: b.receipt !== '' ? b.size : (q.sending.get(blobKey(e, b)) ?? b.offset),
    state: blobState(e, b, q),
    held: isPending(b) && q.isHeldBack(b),
    problem: b.problem,
  }));
  const item = { hash, seq, kind, case: caseID, visit, at, size, state: recordState(e, q), flags, problem, blobs };
  if (!isMoving) resting.set(e, { item, isHolding });
  return item;
}

const isStuck = ({ state }: { state: ItemState }) => state === 'attention';

/** The outbox as it stands, newest record first. */
export function outbox(s: Session, q: Queue): Outbox {
  const items: OutboxRecord[] = [];
  let attention = 0;
  const { isHolding } = q;
  for (const e of s.entries.values()) {
    if (e.out.released) continue;
    const item = itemOf(e, q, isHolding);
    attention += (isStuck(item) ? 1 : 0) + item.blobs.filter(isStuck).length;
    items.push(item);
  }
  return { items: items.reverse(), unsent: unsent(s.entries.values()), attention };
}

/** Visits of own records, newest first. */
export function visits(s: Session): OwnVisit[] {
  const found = new Map<ID, OwnVisit>();
  for (const e of s.entries.values()) {
    const { visit, kind, case: caseID } = e.facts;
    if (visit === '') continue;
    let v = found.get(visit);
    if (!v) {
      v = { visit, case: caseID, startedAt: e.row.at, endedAt: undefined, records: 0, unsent: 0 };
      found.set(visit, v);
    }
    v.records++;
    if (isUnsent(e)) v.unsent++;
    if (kind === 'visit.ended') v.endedAt = e.row.at;
  }
  return [...found.values()].reverse();
}

/** A body of the feed's cache; undefined for one that is not JSON. */
export function parseBody<T>(bytes: Uint8Array): T | undefined {
  const text = fromUTF8(bytes);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
