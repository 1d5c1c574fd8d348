import { encodeBase64url } from '../encoding/base64.ts';
import { isHex256 } from '../encoding/hex.ts';
import { utf8 } from '../encoding/text.ts';
import { Faults, marshal, type Obj, obj, parse } from '../ijson/index.ts';
import { type Hash, parseHash } from '../record/index.ts';
import { type Alg, algOf, type PublicKey, thumbprint } from './jwk.ts';
import { checkKey, expectHeader, header, type JWS, split } from './jws.ts';
import { maxToken, SealError } from './seal.ts';
import { type Signer, signatureSize, verifyCore } from './signature.ts';

/** Writes header and claims, and signs them. Throws SealError with claims or size. */
export async function signToken(typ: string, claims: Map<string, unknown>, signer: Signer): Promise<string> {
  let payload: string;
  try {
    payload = marshal(claims);
  } catch (cause) {
    throw new SealError('claims', '', { cause });
  }
  const keyID = await thumbprint(signer.publicKey);
  const core = `${header(algOf(signer.publicKey), typ, keyID)}.${encodeBase64url(utf8(payload))}`;
  const token = `${core}.${encodeBase64url(await signer.sign(core))}`;
  if (token.length > maxToken) throw new SealError('size', `${token.length} bytes`);
  return token;
}

/** Reads a token's form and header; nothing is verified. */
export function parseToken(token: string, alg: Alg, typ: string): JWS {
  if (token.length > maxToken) throw new SealError('size', `${token.length} characters`);
  const j = split(token);
  expectHeader(j, alg, typ);
  return j;
}

/** Reads a token and verifies it with key, which must be the key that it names. */
export async function openToken(token: string, alg: Alg, typ: string, key: PublicKey): Promise<JWS> {
  const j = parseToken(token, alg, typ);
  await checkKey(alg, j.keyID, key);
  if (!(await verifyCore(j.core, j.signature, key))) throw new SealError('signature');
  return j;
}

/** Reads a core that carries no signature, such as a leaf of the ledger. */
export function parseCore(core: string, typ: string): JWS {
  return parseToken(`${core}.${encodeBase64url(new Uint8Array(signatureSize))}`, 'EdDSA', typ);
}

/** Reads the payload of a token: no member may be left that is not among only. Throws SealError with claims. */
export async function claims<T>(payload: Uint8Array, read: (o: Obj) => T | Promise<T>, ...only: string[]): Promise<T> {
  try {
    const f = new Faults();
    const o = obj(parse(payload, { bytes: maxToken }), f);
    const result = await read(o);
    o.only(...only);
    f.check();
    return result;
  } catch (cause) {
    throw new SealError('claims', '', { cause });
  }
}

/** Reads the member v of the server's tokens, which must be 1. */
export function version1(o: Obj): void {
  if (o.int('v') !== 1 && o.has('v')) o.fault('v', 'value', 'want 1');
}

/** Reads 1 to 255 printable ASCII characters. */
export function origin(o: Obj, name: string): string {
  const s = o.string(name);
  if (o.has(name) && !isOrigin(s)) o.fault(name, 'value', 'not an origin');
  return s;
}

/** Reports whether a text is 1 to 255 printable ASCII characters without a space. */
export function isOrigin(s: string): boolean {
  return /^[!-~]{1,255}$/.test(s);
}

/** Reads an integer that is not negative. */
export function count(o: Obj, name: string): number {
  const n = o.int(name);
  if (n < 0) o.fault(name, 'value', 'want 0 or more');
  return n;
}

/** Reads a hash or a key id. */
export function hash(o: Obj, name: string): Hash {
  const h = parseHash(o.string(name));
  if (h === undefined && o.has(name)) o.fault(name, 'hash');
  return h ?? '';
}

/** Reads a SHA-256 as 64 lower-case hex digits. */
export function digest(o: Obj, name: string): string {
  const s = o.string(name);
  if (o.has(name) && !isHex256(s)) o.fault(name, 'value', 'want 64 lower-case hex digits');
  return s;
}

/** Reads a word of [a-z0-9_], 1 to 32 characters. */
export function word(o: Obj, name: string): string {
  const s = o.string(name);
  if (o.has(name) && !/^[a-z0-9_]{1,32}$/.test(s)) o.fault(name, 'value', 'want 1 to 32 of a-z, 0-9, _');
  return s;
}
