import { encodeBase64url } from '../core/encoding/base64.ts';
import { decodeHex } from '../core/encoding/hex.ts';
import {
  type BlobReceipt,
  code,
  type KeySet,
  openBlobReceipt,
  openPinnedKeySet,
  openQuarantineReceipt,
  openReceipt,
  type PublicKey,
  type QuarantineReceipt,
  type Receipt,
} from '../core/seal/index.ts';
import type { Standing } from '../core/wire/index.ts';
import { keys as askKeys, NetError } from '../net/index.ts';
import type { BlobState, OutboxRow } from '../store/index.ts';
import { KeysWanted, Refused } from './fault.ts';
import { type Session, voided } from './session.ts';

/** Opens a token with whichever receipt key signed it. Throws KeysWanted, or SealError. */
async function withReceiptKey<T>(set: KeySet, open: (key: PublicKey) => Promise<T>): Promise<T> {
  for (const k of set.keys) {
    if (k.use !== 'receipt') continue;
    try {
      return await open(k.public);
    } catch (error) {
      if (code(error) !== 'unknown_key') throw error;
    }
  }
  throw new KeysWanted();
}

/**
 * The receipt of a record, when it is one and names this record; undefined
 * otherwise. It may be of an earlier origin: a restored ledger keeps its leaves,
 * and their receipts name what the ledger was called then. Throws KeysWanted.
 */
export async function checkReceipt(s: Session, token: string, out: OutboxRow): Promise<Receipt | undefined> {
  const r = await orUndefined(withReceiptKey(s.set, (key) => openReceipt(token, key)));
  const mine = r?.hash === out.hash && r.keyID === out.kid && r.seq === out.seq;
  return mine && s.set.origins.includes(r.origin) ? r : undefined;
}

/** The same for a quarantined text with that SHA-256. */
export async function checkQuarantine(
  s: Session,
  token: string,
  sha256: string,
): Promise<QuarantineReceipt | undefined> {
  const r = await orUndefined(withReceiptKey(s.set, (key) => openQuarantineReceipt(token, key)));
  return r?.sha256 === sha256 && s.set.origins.includes(r.origin) ? r : undefined;
}

/** The same for a blob. */
export async function checkBlobReceipt(
  s: Session,
  token: string,
  out: OutboxRow,
  b: BlobState,
): Promise<BlobReceipt | undefined> {
  const r = await orUndefined(withReceiptKey(s.set, (key) => openBlobReceipt(token, key)));
  const mine = r?.record === ownerOf(out) && r.sha256 === b.sha256 && r.size === b.size;
  return mine && s.set.origins.includes(r.origin) ? r : undefined;
}

/** By which name the server knows the record of a blob: its hash, or the digest of the quarantined text. */
export function ownerOf(out: OutboxRow): string {
  return out.suspect === '' ? out.hash : encodeBase64url(decodeHex(out.suspect) ?? new Uint8Array());
}

async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof KeysWanted) throw error;
    return undefined;
  }
}

/** Fetches the key set and checks it against the pinned root. Throws NetError, or Refused with root_changed. */
export async function rekey(s: Session): Promise<void> {
  const token = await askKeys(s.caller);
  let set: KeySet;
  try {
    set = await openPinnedKeySet(token, s.space.root);
  } catch (cause) {
    if (code(cause) === 'unknown_key') throw new Refused('root_changed', { cause });
    throw new NetError('portal', 'not a key set of ours', { cause });
  }
  if (set.version < s.set.version) throw new NetError('portal', 'an older key set');
  await s.changeSpace({ keys: token });
  s.set = set;
}

/**
 * Takes in what every answer says. Another origin than the one that receipts here
 * are of: when the root's word agrees, all of them are void and what is held is
 * to be pushed again. Throws KeysWanted.
 */
export async function stand(s: Session, a: Standing): Promise<void> {
  if (a.origin !== s.space.origin) {
    if (a.origin !== s.set.origin) throw new KeysWanted();
    await adoptBeside(s, a.origin); // first: what a crash leaves is done again, because this space is still of the old origin
    const rows = [...s.entries.values()].map((e) => voided(e.out));
    await s.store.adopt(s.space.id, { origin: a.origin }, rows, [...s.keys.keys()]);
    await s.reload();
  }
  s.safeIndex = a.safeIndex;
  s.serverTime = a.serverTime;
}

/** The same for all others on this phone, who may never be unlocked again: of one whose PIN is forgotten this phone may hold the only copy. */
async function adoptBeside(s: Session, origin: string): Promise<void> {
  const { spaces, keys } = await s.store.house();
  for (const one of spaces) {
    if (one.id === s.space.id || one.root !== s.space.root || one.origin === origin) continue;
    const { outbox } = await s.store.journal(one.id);
    const own = keys.filter((k) => k.space === one.id).map((k) => k.kid);
    await s.store.adopt(one.id, { origin }, outbox.map(voided), own);
  }
}
