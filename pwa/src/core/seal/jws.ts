import { decodeBase64url, encodeBase64url } from '../encoding/base64.ts';
import { utf8 } from '../encoding/text.ts';
import { Faults, marshal, members, obj, parse } from '../ijson/index.ts';
import { type KeyID, parseKeyID } from '../record/index.ts';
import { type Alg, algOf, type PublicKey, thumbprint } from './jwk.ts';
import { SealError } from './seal.ts';
import { signatureSize } from './signature.ts';

/** A compact JWS taken apart; nothing is verified yet. */
export interface JWS {
  alg: string;
  typ: string;
  keyID: KeyID;
  /** protected.payload */
  core: string;
  payload: Uint8Array;
  signature: Uint8Array;
}

const compact = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}$/;

/** Takes a compact JWS apart: exactly three parts of canonical base64url, and a signature of 64 bytes. */
export function split(token: string): JWS {
  if (!compact.test(token)) throw new SealError('form', 'not three parts of base64url');
  const last = token.lastIndexOf('.');
  const first = token.indexOf('.');
  const signature = decode(token.slice(last + 1));
  if (signature.length !== signatureSize) throw new SealError('form', `signature of ${signature.length} bytes`);
  const payload = decode(token.slice(first + 1, last));
  return { ...parseHeader(decode(token.slice(0, first))), core: token.slice(0, last), payload, signature };
}

function decode(text: string): Uint8Array {
  const bytes = decodeBase64url(text);
  if (!bytes) throw new SealError('form', 'base64url not canonical');
  return bytes;
}

/** More than any header of the protocol needs. */
const maxHeader = 512;

/**
 * Takes alg, kid and typ, each a string, and no other member. So there is no
 * jwk, jku, x5u or crit that could be obeyed.
 */
function parseHeader(text: Uint8Array): Pick<JWS, 'alg' | 'typ' | 'keyID'> {
  try {
    const f = new Faults();
    const o = obj(parse(text, { bytes: maxHeader }), f);
    o.only('alg', 'kid', 'typ');
    const alg = o.string('alg');
    const typ = o.string('typ');
    const keyID = parseKeyID(o.string('kid'));
    if (keyID === undefined && o.has('kid')) o.fault('kid', 'key id');
    f.check();
    return { alg, typ, keyID: keyID ?? '' };
  } catch (cause) {
    throw new SealError('header', '', { cause });
  }
}

/** Holds the header against what the caller reads. */
export function expectHeader(j: JWS, alg: Alg, typ: string): void {
  if (j.alg !== alg || j.typ !== typ) throw new SealError('header', `want ${alg} ${typ}`);
}

/** Writes the protected header, its members in one order always. */
export function header(alg: Alg, typ: string, keyID: KeyID): string {
  return encodeBase64url(utf8(marshal(members(['alg', alg], ['typ', typ], ['kid', keyID]))));
}

/** Refuses a key that is not the one of the header, and one that is for another algorithm. */
export async function checkKey(alg: Alg, keyID: KeyID, key: PublicKey): Promise<void> {
  if ((await thumbprint(key)) !== keyID) throw new SealError('unknown_key');
  if (algOf(key) !== alg) throw new SealError('header', `key is not for ${alg}`);
}

/** Finds the public key of an id; undefined when there is none. */
export type KeyFunc = (keyID: KeyID) => PublicKey | undefined | Promise<PublicKey | undefined>;

/** A KeyFunc that knows one key. */
export function oneKey(key: PublicKey): KeyFunc {
  return async (keyID) => ((await thumbprint(key)) === keyID ? key : undefined);
}
