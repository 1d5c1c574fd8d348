import { sha256 } from '../core/encoding/bytes.ts';
import { encodeHex } from '../core/encoding/hex.ts';
import type { Head, KeyID } from '../core/record/index.ts';
import { maxRecords, type PushAnswer, type Result, type Status } from '../core/wire/index.ts';
import { NetError, push } from '../net/index.ts';
import { type OutboxRow, StoreError } from '../store/index.ts';
import { blobKey, isPending, type Queue } from './queue.ts';
import { type Entry, newKey, type Session, voided } from './session.ts';
import { checkQuarantine, checkReceipt, stand } from './trust.ts';

/** Bytes of records in one push; the server takes 1 MiB with what stands around them. */
const maxBytes = 900 << 10;

/** Problems of the whole push that say: less at a time, or one of these spoils it. */
const spoiling = ['bad_request', 'bad_json', 'too_many_records', 'body_too_large'];

/**
 * Pushes what is unsent, or nothing, to hear where the server stands, and takes
 * in the answer. heard gets it with the times of asking and hearing.
 */
export async function pushRecords(
  s: Session,
  q: Queue,
  status: () => Status,
  heard: (serverTime: number, asked: number) => void,
): Promise<void> {
  let batch: Pushed[] = [];
  const bytes = nextBatch(q).reduce((sum, entry) => sum + entry.row.size, 0);
  try {
    let asked = s.ports.now();
    const answer = await push(s.caller, bytes, async () => {
      batch = await gather(s, q);
      for (const { entry } of batch) q.pushing.add(entry.out.hash);
      if (batch.length > 0) s.changed();
      asked = s.ports.now();
      return { device: status(), records: batch.map((b) => b.text) };
    });
    heard(answer.serverTime, asked);
    await stand(s, answer);
    await takeResults(s, q, batch, answer.results);
    q.batch = Math.min(maxRecords, q.batch * 2);
    await takeHeads(s, answer.heads);
    await takeMissing(s, q, answer);
  } catch (error) {
    if (!(await isolate(s, q, batch, error))) throw error;
  } finally {
    q.pushing.clear();
    s.changed();
  }
}

interface Pushed {
  entry: Entry;
  text: string;
}

/** Reads the texts of the next batch. One that cannot be read is shown, and blocks nobody. */
async function gather(s: Session, q: Queue): Promise<Pushed[]> {
  const due = await Promise.all(nextBatch(q).map((entry) => read(s, q, entry)));
  return due.filter((pushed) => pushed !== undefined);
}

/** What goes together: as many as one push takes, and at least one. */
function nextBatch(q: Queue): Entry[] {
  const due = q.records().slice(0, q.batch);
  let bytes = 0;
  const fits = due.findIndex((entry, n) => {
    bytes += entry.row.size;
    return n > 0 && bytes > maxBytes;
  });
  return fits === -1 ? due : due.slice(0, fits);
}

async function read(s: Session, q: Queue, entry: Entry): Promise<Pushed | undefined> {
  try {
    return { entry, text: await s.text(entry.out.hash) };
  } catch (error) {
    if (!(error instanceof StoreError) || !['missing', 'damaged'].includes(error.code)) throw error;
    q.defer(entry.out.hash);
    await s.note([{ ...entry.out, problem: 'damaged' }]);
    return undefined;
  }
}

/** Checks every receipt; only a checked one moves its record. */
async function takeResults(s: Session, q: Queue, batch: readonly Pushed[], results: readonly Result[]): Promise<void> {
  const judged = await Promise.all(
    batch.map(async ({ entry, text }, i) => {
      const result = results[i];
      const out = s.entries.get(entry.out.hash)?.out; // as it is now
      return result && out && judge(s, out, text, result);
    }),
  );
  const rows: OutboxRow[] = [];
  let newest = s.space.lastReceivedAt;
  for (const row of judged) {
    if (!row) continue;
    if (row.state === 'unsent') q.defer(row.hash);
    else q.settle(row.hash);
    newest = Math.max(newest, row.receivedAt);
    rows.push(row);
  }
  if (rows.length === 0) return;
  await Promise.all([s.note(rows), s.received(newest)]);
}

async function judge(s: Session, out: OutboxRow, text: string, result: Result): Promise<OutboxRow> {
  if (result.status === 'quarantined') {
    const name = encodeHex(await sha256(text));
    const r = result.hash === name ? await checkQuarantine(s, result.receipt, name) : undefined;
    if (!r) return { ...out, problem: 'receipt' };
    const { receipt } = result;
    return { ...out, state: 'quarantined', receipt, receivedAt: r.receivedAt, suspect: name, problem: 'quarantined' };
  }
  const r = result.hash === out.hash ? await checkReceipt(s, result.receipt, out) : undefined;
  if (!r) return { ...out, problem: 'receipt' };
  const { receipt, flags } = result;
  const { index, receivedAt } = r;
  return { ...out, state: 'received', receipt, index, receivedAt, flags, suspect: '', problem: '' };
}

/**
 * Holds the heads that the server told against the journals here. One that is
 * not held stops its key; one that fell behind makes receipts void.
 */
async function takeHeads(s: Session, heads: ReadonlyMap<KeyID, Head>): Promise<void> {
  const acked = new Map<KeyID, Head>();
  const rows: OutboxRow[] = [];
  for (const [kid, head] of heads) {
    const key = s.keys.get(kid);
    if (!key || (key.acked.seq === head.seq && key.acked.hash === head.hash)) continue;
    if (!isMine(s, kid, head)) {
      await s.reload(); // another tab may have sealed it
      if (!isMine(s, kid, head)) {
        await stop(s, kid);
        continue;
      }
    }
    if (head.seq < key.acked.seq) {
      for (const e of s.entries.values()) if (e.row.kid === kid) rows.push(voided(e.out));
    }
    acked.set(kid, head);
  }
  if (acked.size > 0) await s.note(rows, acked);
}

function isMine(s: Session, kid: KeyID, head: Head): boolean {
  if (head.seq === 0) return true;
  return s.at(kid, head.seq)?.row.hash === head.hash;
}

/** The journal has gone on somewhere else: this key seals no more, and a new one takes its place at once, offline too. */
async function stop(s: Session, kid: KeyID): Promise<void> {
  if (s.keys.get(kid)?.stopped || s.space.current !== kid) return;
  await s.store.succeed(kid, await newKey(s.space.id, kid));
  await s.reload();
}

/** Holds the server's list of missing blobs against the receipts here. */
async function takeMissing(s: Session, q: Queue, a: PushAnswer): Promise<void> {
  const missing = new Set(a.missingBlobs.map((m) => `${m.record}/${m.sha256}`));
  const complete = a.missingBlobs.length < 500;
  const rows: OutboxRow[] = [];
  for (const e of s.entries.values()) {
    if (!a.heads.has(e.row.kid) || e.out.state !== 'received' || e.out.released) continue;
    let lost = false;
    for (const b of e.out.blobs) {
      const name = blobKey(e, b);
      const isMissing = missing.has(name);
      if (isMissing) q.confirm.delete(name);
      else if (isPending(b) && complete) q.confirm.add(name);
      lost ||= isMissing && b.receipt !== '';
    }
    if (lost) {
      const again = (b: OutboxRow['blobs'][number]) =>
        missing.has(blobKey(e, b)) ? { ...b, receipt: '', index: -1, upload: '', offset: 0 } : b;
      rows.push({ ...e.out, blobs: e.out.blobs.map(again) });
    }
  }
  if (rows.length > 0) await s.note(rows);
}

/**
 * A batch that failed as a whole, for what is in it or may be in it: halves the
 * next one, until the record that spoils it is alone and waits by itself. Reports
 * whether the loop may go on at once; what may as well be the server's own
 * trouble, or the line's, is a failure like any other.
 */
async function isolate(s: Session, q: Queue, batch: readonly Pushed[], error: unknown): Promise<boolean> {
  if (!(error instanceof NetError) || batch.length === 0) return false;
  const spoils = spoiling.includes(error.problemCode);
  const doubtful = error.code === 'timeout' || error.problemCode === 'internal' || error.problemCode === 'timeout';
  if (!spoils && !doubtful) return false;
  if (batch.length > 1) {
    q.batch = Math.floor(batch.length / 2);
    return spoils;
  }
  const only = batch[0]?.entry.out.hash ?? '';
  if (error.code === 'timeout') return false;
  q.defer(only, error.problem?.retryAfter);
  const out = s.entries.get(only)?.out;
  if (out) await s.note([{ ...out, problem: error.problemCode }]);
  return spoils;
}
