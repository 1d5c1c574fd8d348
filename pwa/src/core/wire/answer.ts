import { isHex256 } from '../encoding/hex.ts';
import { Faults, type Obj } from '../ijson/index.ts';
import { type Hash, type Head, type KeyID, parseKeyID } from '../record/index.ts';
import { readAnswer, readHash, readStanding, type Standing } from './wire.ts';

/** What became of one pushed text (docs/protocol.md §2). */
export type ResultStatus = 'accepted' | 'duplicate' | 'quarantined';

/** The word on one pushed text. */
export interface Result {
  /** Of the record; of a quarantined text its SHA-256 in hex. */
  hash: string;
  status: ResultStatus;
  /** receipt+jwt, or quarantine-receipt+jwt. */
  receipt: string;
  flags: string[];
  /** Why it was quarantined; "" otherwise. */
  problem: string;
}

/** A blob that a held record speaks of and the server has not. */
export interface MissingBlob {
  record: Hash;
  /** Of the blob in its record. */
  id: string;
  /** Hex. */
  sha256: string;
}

/** The answer to a push. */
export interface PushAnswer extends Standing {
  /** In the order and length of the pushed records. */
  results: Result[];
  /**
   * The highest gap-free seq of the caller's journal and of each journal in the
   * batch. A journal without records has seq 0 and the key id itself as hash.
   */
  heads: Map<KeyID, Head>;
  /** Of those journals, oldest first. */
  missingBlobs: MissingBlob[];
}

/**
 * Reads the answer. The receipts are still to be checked: by itself an answer
 * acknowledges nothing. Throws ijson's Fault or FaultList.
 */
export function parsePushAnswer(body: Uint8Array): PushAnswer {
  const f = new Faults();
  const o = readAnswer(body, f);
  const standing = readStanding(o);
  const results = [...o.arr('results').objs()].map(readResult);
  const heads = readHeads(o.obj('heads'));
  const missingBlobs = [...o.arr('missing_blobs').objs()].map(readMissing);
  f.check();
  return { ...standing, results, heads, missingBlobs };
}

function readHeads(o: Obj): Map<KeyID, Head> {
  const heads = new Map<KeyID, Head>();
  for (const [name] of o.value.members()) {
    if (parseKeyID(name) === undefined) o.fault(name, 'value', 'not a key id');
    const h = o.obj(name);
    const head = { seq: h.int('seq'), hash: readHash(h, 'hash') };
    if (head.seq < 0) h.fault('seq', 'value', 'below 0');
    heads.set(name, head);
  }
  return heads;
}

function readMissing(o: Obj): MissingBlob {
  return { record: readHash(o, 'record'), id: o.string('id'), sha256: readHex(o, 'sha256') };
}

function readResult(o: Obj): Result {
  const status = o.string('status');
  const receipt = o.string('receipt');
  let hash = '';
  if (status === 'accepted' || status === 'duplicate') hash = readHash(o, 'hash');
  else if (status === 'quarantined') hash = readHex(o, 'hash');
  else if (o.has('status')) o.fault('status', 'value', 'unknown status');
  const flags = o.optArr('flags')?.strings() ?? [];
  return { hash, status: status as ResultStatus, receipt, flags, problem: o.optString('problem') ?? '' };
}

function readHex(o: Obj, name: string): string {
  const text = o.string(name);
  if (o.has(name) && !isHex256(text)) o.fault(name, 'value', 'not a SHA-256 in hex');
  return text;
}
