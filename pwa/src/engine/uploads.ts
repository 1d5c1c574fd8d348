import { refOf } from '../core/blob/index.ts';
import { NetError, type Pace, receipt, send } from '../net/index.ts';
import { type BlobState, StoreError } from '../store/index.ts';
import { KeysWanted } from './fault.ts';
import { blobKey, type Queue } from './queue.ts';
import { type Entry, places, type Session } from './session.ts';
import { checkBlobReceipt, ownerOf } from './trust.ts';

/**
 * Blobs on their way at once: while one waits for its answer, the other fills the line. All but the first go behind it, so that they do not come to
 * their ends at the same moment and wait together.
 */
export const lanes = 2;

/** What a round of uploads is told from outside. */
export interface Round {
  pace: Pace;
  lanes: number;
  /** False: come to an end after the chunk that is on its way. Each lane sends one in any case. */
  more(): boolean;
  signal: AbortSignal;
}

/**
 * Sends blobs until none is due, something woke the loop, or the network fails. A
 * blob that the server refuses waits by itself. Throws KeysWanted, NetError,
 * StoreError.
 */
export async function sendBlobs(s: Session, q: Queue, round: Round): Promise<void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  round.signal.addEventListener('abort', abort);
  let failed: unknown;
  const lane = async (n: number) => {
    do {
      const next = q.due().find(({ entry, blob }) => !q.sending.has(blobKey(entry, blob)));
      if (!next) return;
      try {
        await sendOne(s, q, next.entry, next.blob, { ...round, signal: stop.signal }, n > 0);
      } catch (error) {
        failed ??= error;
        abort();
      }
    } while (failed === undefined && round.more());
  };
  await Promise.all(Array.from({ length: round.lanes }, (_, n) => lane(n)));
  round.signal.removeEventListener('abort', abort);
  if (failed !== undefined) throw failed;
}

async function sendOne(
  s: Session,
  q: Queue,
  entry: Entry,
  blob: BlobState,
  round: Round,
  isBehind: boolean,
): Promise<void> {
  const name = blobKey(entry, blob);
  q.sending.set(name, blob.offset);
  s.changed();
  try {
    const bytes = await readBlob(s, blob.sha256);
    const sending = {
      owner: ownerOf(entry.out),
      sha256: blob.sha256,
      bytes,
      upload: blob.upload,
      signal: round.signal,
      isBehind,
    };
    const token = await send(s.caller, sending, round.pace, {
      upload: (path) => change(s, entry, blob, { upload: path, offset: 0 }),
      progress(offset) {
        q.sending.set(name, offset);
        s.changed();
      },
      more: round.more,
    });
    if (token === undefined) await change(s, entry, blob, { offset: q.sending.get(name) ?? 0 });
    else await accept(s, q, entry, blob, token);
  } catch (error) {
    if (!(await excuse(s, q, entry, blob, error))) throw error;
  } finally {
    q.sending.delete(name);
    s.changed();
  }
}

/** Asks for the receipts of blobs that the server does not miss. */
export async function confirmBlobs(s: Session, q: Queue): Promise<void> {
  for (const { entry, blob } of q.blobs('confirm')) {
    const name = blobKey(entry, blob);
    const token = await receipt(s.caller, ownerOf(entry.out), blob.sha256);
    q.confirm.delete(name); // without a receipt it is to be sent
    if (token !== undefined) await accept(s, q, entry, blob, token);
  }
}

async function accept(s: Session, q: Queue, entry: Entry, blob: BlobState, token: string): Promise<void> {
  const name = blobKey(entry, blob);
  const r = await checkBlobReceipt(s, token, entry.out, blob);
  if (!r) {
    q.defer(name);
    // The upload may have been begun under the name that the record had in quarantine: the next try begins another.
    return change(s, entry, blob, { upload: '', offset: 0, problem: 'receipt' });
  }
  q.settle(name);
  const noted = change(s, entry, blob, { receipt: token, index: r.index, upload: '', offset: 0, problem: '' });
  await Promise.all([noted, s.received(r.storedAt)]);
}

/** Bytes of a blob, held against their name. Throws StoreError with missing or damaged. */
export async function readBlob(s: Session, sha256: string): Promise<Uint8Array<ArrayBuffer>> {
  const row = await s.store.blob(s.space.id, sha256);
  if (!row) throw new StoreError('missing', 'blob');
  const bytes = await s.vault.open(places.blob(sha256), row.bytes);
  if ((await refOf(bytes)) !== sha256) throw new StoreError('damaged', 'blob');
  return bytes;
}

/**
 * Whether a fault is the blob's own: then it is noted, the blob waits alone, and
 * the others go on.
 */
async function excuse(s: Session, q: Queue, entry: Entry, blob: BlobState, error: unknown): Promise<boolean> {
  const name = blobKey(entry, blob);
  if (error instanceof KeysWanted) return false;
  if (error instanceof StoreError) {
    if (error.code !== 'missing' && error.code !== 'damaged') return false;
    await change(s, entry, blob, { problem: error.code === 'missing' ? 'gone' : 'damaged' });
    return true;
  }
  if (!(error instanceof NetError) || error.code !== 'problem') return false;
  const problem = error.problemCode;
  switch (problem) {
    case 'record_unknown': {
      q.defer(name);
      const out = s.entries.get(entry.out.hash)?.out;
      if (out) await s.note([{ ...out, state: 'unsent', receipt: '', index: -1, suspect: '' }]);
      return true;
    }
    case 'digest_mismatch':
    case 'upload_expired':
    case 'not_found':
    case 'gone':
      q.defer(name);
      await change(s, entry, blob, { upload: '', offset: 0, problem: q.tries(name) > 2 ? problem : '' });
      return true;
    case 'checksum_mismatch':
    case 'offset_mismatch':
    case 'conflict':
    case 'internal':
    case 'bad_request':
    case 'length_required':
    case 'unsupported_media_type':
    case 'tus_version':
    case 'blob_not_named':
    case 'size_mismatch':
    case 'body_too_large':
      q.defer(name, error.problem?.retryAfter);
      await change(s, entry, blob, { problem: q.tries(name) > 2 || !error.problem?.retryable ? problem : '' });
      return true;
    default:
      return false; // the server's, or the caller's
  }
}

/** Changes what is known of one blob, on the row as it is now. */
async function change(s: Session, entry: Entry, blob: BlobState, with_: Partial<BlobState>): Promise<void> {
  const out = s.entries.get(entry.out.hash)?.out;
  if (!out) return;
  const blobs = out.blobs.map((b) => (b.id === blob.id ? { ...b, ...with_ } : b));
  // Two slots of one record may hold the same bytes: one receipt is for both.
  const same = (b: BlobState) => b.id !== blob.id && b.sha256 === blob.sha256 && with_.receipt !== undefined;
  await s.note([
    {
      ...out,
      blobs: blobs.map((b) => (same(b) ? { ...b, receipt: with_.receipt ?? '', index: with_.index ?? -1 } : b)),
    },
  ]);
}
