import { encodeBase64url } from '../encoding/base64.ts';
import { sha256 } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';
import { utf8 } from '../encoding/text.ts';
import { Faults, marshal, members, type Obj, obj, parse, type Value } from '../ijson/index.ts';
import { hashBytes, type KeyID, parseHash } from '../record/index.ts';
import { KeyError } from './seal.ts';

/**
 * A public key of the protocol: P-256 of a phone, or Ed25519 of the server. It
 * is a JWK of exactly its required members, with canonical coordinates.
 */
export type PublicKey =
  | { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };

/** The algorithm that a public key is for. */
export type Alg = 'ES256' | 'EdDSA';

/** Names the algorithm that a public key is for. */
export function algOf(key: PublicKey): Alg {
  return key.kty === 'EC' ? 'ES256' : 'EdDSA';
}

/** Names a public key (RFC 7638, SHA-256). */
export async function thumbprint(key: PublicKey): Promise<KeyID> {
  return encodeBase64url(await sha256(marshalJWK(key)));
}

/**
 * Writes a public key as a JWK, names ascending: the text whose hash is the
 * thumbprint (RFC 7638 §3.3, RFC 8037 §2).
 */
export function marshalJWK(key: PublicKey): string {
  const common: [string, string][] = [
    ['crv', key.crv],
    ['kty', key.kty],
    ['x', key.x],
  ];
  return marshal(members(...common, ...(key.kty === 'EC' ? [['y', key.y] as const] : [])));
}

const maxJWK = 512;

/**
 * Reads a public key: EC with P-256, or OKP with Ed25519, with exactly the
 * required members, canonical base64url and a point on the curve. Anything more,
 * a private part above all, is a KeyError.
 */
export function parseJWK(text: string): PublicKey {
  try {
    return parseJWKValue(parse(utf8(text), { bytes: maxJWK }));
  } catch (cause) {
    throw cause instanceof KeyError ? cause : new KeyError('not a public JWK', { cause });
  }
}

/** parseJWK for a value that has been parsed already. */
export function parseJWKValue(v: Value): PublicKey {
  const f = new Faults();
  const key = readJWK(obj(v, f));
  try {
    f.check();
  } catch (cause) {
    throw new KeyError('not a public JWK', { cause });
  }
  if (!key) throw new KeyError('not a public JWK');
  return key;
}

/** Notes every fault; more names other members that may stand beside. */
export function readJWK(o: Obj, ...more: string[]): PublicKey | undefined {
  const kty = o.string('kty');
  const crv = o.string('crv');
  if (kty === 'EC' && crv === 'P-256') {
    o.only(...more, 'kty', 'crv', 'x', 'y');
    const x = coordinate(o, 'x');
    const y = coordinate(o, 'y');
    if (!x || !y) return undefined;
    if (!onCurve(x, y)) {
      o.fault('x', 'value', 'not a point on the curve');
      return undefined;
    }
    return { kty, crv, x, y };
  }
  if (kty === 'OKP' && crv === 'Ed25519') {
    o.only(...more, 'kty', 'crv', 'x');
    const x = coordinate(o, 'x');
    return x ? { kty, crv, x } : undefined;
  }
  if (kty !== '' && crv !== '') o.fault('crv', 'value', 'want EC P-256 or OKP Ed25519');
  return undefined;
}

/** Reads 32 bytes, undefined when they are not there. */
function coordinate(o: Obj, name: string): string | undefined {
  const s = o.string(name);
  if (s === '' && !o.has(name)) return undefined;
  const text = parseHash(s); // the same form: 32 bytes in canonical base64url
  if (text === undefined) o.fault(name, 'value', 'want 32 bytes in base64url');
  return text;
}

// The curve P-256 (SEC 2 §2.4.2): y² = x³ − 3x + b over the field of p.
const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Reports whether the coordinates are a point of P-256; browsers differ in when they look. */
function onCurve(xText: string, yText: string): boolean {
  const number = (text: string) => BigInt(`0x${encodeHex(hashBytes(text))}`);
  const x = number(xText);
  const y = number(yText);
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}
