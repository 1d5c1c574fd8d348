import { verifyEd25519 } from '../encoding/ed25519.ts';
import { utf8 } from '../encoding/text.ts';
import { hashBytes } from '../record/index.ts';
import type { PublicKey } from './jwk.ts';

/** Signs cores with one key. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** 64 bytes over the core's ASCII text: r‖s (RFC 7518 §3.4), or Ed25519. */
  sign(core: string): Promise<Uint8Array>;
}

/** The length of a signature of both algorithms, in bytes. */
export const signatureSize = 64;

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A signer whose private key lies in WebCrypto, and may be one that cannot be exported. */
export function signerOf(publicKey: PublicKey, privateKey: CryptoKey): Signer {
  const algorithm = publicKey.kty === 'EC' ? ecdsa : { name: 'Ed25519' };
  const sign = async (core: string) => new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, utf8(core)));
  return { publicKey, sign };
}

const imported = new WeakMap<PublicKey, Promise<CryptoKey>>();

/** A phone's key in WebCrypto's form, imported once. */
function importKey(key: PublicKey): Promise<CryptoKey> {
  let known = imported.get(key);
  if (!known) {
    known = crypto.subtle.importKey('jwk', { ...key }, ecdsa, false, ['verify']);
    imported.set(key, known);
  }
  return known;
}

/** Reports whether signature is the key's over the core. */
export async function verifyCore(core: string, signature: Uint8Array, key: PublicKey): Promise<boolean> {
  if (signature.length !== signatureSize) return false;
  if (key.kty === 'OKP') return verifyEd25519(hashBytes(key.x), signature, utf8(core));
  return crypto.subtle.verify(ecdsa, await importKey(key), signature, utf8(core));
}
