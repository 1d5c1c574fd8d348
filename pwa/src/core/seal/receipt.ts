import type { Obj } from '../ijson/index.ts';
import type { Hash, KeyID } from '../record/index.ts';
import type { PublicKey } from './jwk.ts';
import { claims, count, hash, openToken, origin, parseCore, version1 } from './token.ts';

const typ = 'receipt+jwt';

/** The server's word that it has a record, and where in the ledger. */
export interface Receipt {
  /** The ledger. */
  origin: string;
  /** Of the leaf, from 0. */
  index: number;
  hash: Hash;
  /** Of the record. */
  keyID: KeyID;
  /** 0 for an office record. */
  seq: number;
  /** ms since 1970, the server's clock. */
  receivedAt: number;
  /** Corrected device time minus server time; null for an office record. */
  skewMS: number | null;
}

/** Reads a leaf of the ledger: a receipt's core, without its signature. */
export async function parseReceiptCore(core: string): Promise<Receipt> {
  return read(parseCore(core, typ).payload);
}

/** Reads a receipt and verifies it with the receipt key. Throws SealError. */
export async function openReceipt(token: string, key: PublicKey): Promise<Receipt> {
  return read((await openToken(token, 'EdDSA', typ, key)).payload);
}

function read(payload: Uint8Array): Promise<Receipt> {
  const names = ['v', 'origin', 'index', 'hash', 'kid', 'seq', 'received_at', 'skew_ms'];
  return claims(payload, readClaims, ...names);
}

function readClaims(o: Obj): Receipt {
  version1(o);
  const seq = o.optInt('seq');
  const skew = o.optInt('skew_ms');
  if (seq !== undefined && seq < 1) o.fault('seq', 'value', 'want 1 or more');
  if ((seq !== undefined) !== (skew !== undefined)) o.fault('skew_ms', 'value', 'goes with seq');
  return {
    origin: origin(o, 'origin'),
    index: count(o, 'index'),
    hash: hash(o, 'hash'),
    keyID: hash(o, 'kid'),
    seq: seq ?? 0,
    receivedAt: o.int('received_at'),
    skewMS: skew ?? null,
  };
}
