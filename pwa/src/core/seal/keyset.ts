import { utf8 } from '../encoding/text.ts';
import type { Obj } from '../ijson/index.ts';
import type { KeyID } from '../record/index.ts';
import { type PublicKey, readJWK, thumbprint } from './jwk.ts';
import type { KeyFunc } from './jws.ts';
import { claims, hash, isOrigin, openToken, origin, parseToken, version1, word } from './token.ts';

const typ = 'keys+jwt';

/** What a key of the server is for; a later version may have more. */
export type Use = 'root' | 'receipt' | 'office' | 'ledger' | 'link';

/** One public key of the server. */
export interface Key {
  use: string;
  keyID: KeyID;
  public: PublicKey;
}

/** The server's keys, present and former, under its root. */
export interface KeySet {
  /** Grows with every change, from 1. */
  version: number;
  /** The ledger of today. */
  origin: string;
  /** Every ledger there was, the present one included. */
  origins: string[];
  /** ms since 1970, the server's clock. */
  issuedAt: number;
  /** The age recipient of rescue files; "" when there is none. */
  rescue: string;
  keys: Key[];
}

/** Limits of a key set. */
export const maxKeys = 32;
export const maxOrigins = 32;
const maxRescue = 2048;

/** The key of that use and id, if it stands in the set. */
export function findKey(set: KeySet, use: Use, keyID: KeyID): PublicKey | undefined {
  return set.keys.find((k) => k.use === use && k.keyID === keyID)?.public;
}

/** Finds keys of one use, for open. When it finds none, a phone fetches the set again. */
export function keyFunc(set: KeySet, use: Use): KeyFunc {
  return (keyID) => findKey(set, use, keyID);
}

/**
 * Names the root key that a key set says it is signed by, so that it can be held
 * against a pinned fingerprint before anything is believed.
 */
export function rootOf(token: string): KeyID {
  return parseToken(token, 'EdDSA', typ).keyID;
}

/** Reads a key set and verifies it with the root key. Throws SealError. */
export async function openKeySet(token: string, root: PublicKey): Promise<KeySet> {
  return read((await openToken(token, 'EdDSA', typ, root)).payload);
}

/** Reads a key set of which nothing is verified yet. */
export async function parseKeySet(token: string): Promise<KeySet> {
  return read(parseToken(token, 'EdDSA', typ).payload);
}

function read(payload: Uint8Array): Promise<KeySet> {
  return claims(payload, readClaims, 'v', 'version', 'origin', 'origins', 'issued_at', 'rescue', 'keys');
}

async function readClaims(o: Obj): Promise<KeySet> {
  version1(o);
  const s = { version: o.int('version'), origin: origin(o, 'origin'), issuedAt: o.int('issued_at') };
  if (o.has('version') && s.version < 1) o.fault('version', 'value', 'want 1 or more');
  const rescue = o.string('rescue');
  if (utf8(rescue).length > maxRescue) o.fault('rescue', 'value', 'too long');
  return { ...s, rescue, origins: readOrigins(o, s.origin), keys: await readKeys(o) };
}

function readOrigins(o: Obj, current: string): string[] {
  const arr = o.arr('origins');
  const list = arr.strings();
  list.forEach((s, i) => {
    if (!isOrigin(s)) arr.fault(i, 'value', 'not an origin');
  });
  if (o.has('origins') && (!list.includes(current) || list.length > maxOrigins)) {
    o.fault('origins', 'value', 'want the present origin among at most 32');
  }
  return list;
}

async function readKeys(o: Obj): Promise<Key[]> {
  const arr = o.arr('keys');
  if (arr.length > maxKeys) {
    o.fault('keys', 'value', 'more than 32');
    return [];
  }
  const list: Key[] = [];
  for (const k of arr.objs()) {
    const use = word(k, 'use');
    const keyID = hash(k, 'kid');
    const key = readJWK(k, 'use', 'kid');
    if (!key) continue; // a fault is noted
    if ((await thumbprint(key)) !== keyID) k.fault('kid', 'value', "not this key's thumbprint");
    list.push({ use, keyID, public: key });
  }
  return list;
}
