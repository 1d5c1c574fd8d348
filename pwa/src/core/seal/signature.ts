import * as noble from '@noble/ed25519';
import { decodeHex } from '../encoding/hex.ts';
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
const ed25519 = { name: 'Ed25519' };

/** A signer whose private key lies in WebCrypto, and may be one that cannot be exported. */
export function signerOf(publicKey: PublicKey, privateKey: CryptoKey): Signer {
  const algorithm = publicKey.kty === 'EC' ? ecdsa : ed25519;
  const sign = async (core: string) => new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, utf8(core)));
  return { publicKey, sign };
}

const imported = new WeakMap<PublicKey, Promise<CryptoKey>>();

/** The key in WebCrypto's form, imported once. Rejects where the platform does not know its curve. */
function importKey(key: PublicKey): Promise<CryptoKey> {
  let known = imported.get(key);
  if (!known) {
    known =
      key.kty === 'EC'
        ? crypto.subtle.importKey('jwk', { ...key }, ecdsa, false, ['verify'])
        : crypto.subtle.importKey('raw', hashBytes(key.x), ed25519, false, ['verify']);
    imported.set(key, known);
  }
  return known;
}

let ed25519Known: Promise<boolean> | undefined;

/** Feature test: verifies the first test vector of RFC 8032 §7.1 with WebCrypto. */
async function knowsEd25519(): Promise<boolean> {
  const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;
  const signature = decodeHex(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  );
  try {
    return !!signature && (await crypto.subtle.verify(ed25519, await importKey(key), signature, new Uint8Array()));
  } catch {
    return false;
  }
}

/**
 * Reports whether signature is the key's over the core. Ed25519 is verified by
 * WebCrypto where it can, else by @noble/ed25519, by the rules of RFC 8032.
 */
export async function verifyCore(core: string, signature: Uint8Array, key: PublicKey): Promise<boolean> {
  if (signature.length !== signatureSize) return false;
  const message = utf8(core);
  if (key.kty === 'EC') return crypto.subtle.verify(ecdsa, await importKey(key), signature, message);
  ed25519Known ??= knowsEd25519();
  try {
    if (await ed25519Known) return await crypto.subtle.verify(ed25519, await importKey(key), signature, message);
  } catch {
    return false; // 32 bytes that are no point
  }
  return verifyWithNoble(signature, message, hashBytes(key.x));
}

/** What verifyCore does where WebCrypto has no Ed25519. */
export async function verifyWithNoble(signature: Uint8Array, message: Uint8Array, key: Uint8Array): Promise<boolean> {
  try {
    return await noble.verifyAsync(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}
