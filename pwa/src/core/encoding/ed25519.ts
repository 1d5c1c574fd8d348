import { decodeHex } from './hex.ts';

const algorithm = { name: 'Ed25519' };

const imported = new Map<string, Promise<CryptoKey>>();

/** More keys than any key set holds; the map is emptied when it grows beyond. */
const maxImported = 256;

/** The key in WebCrypto's form, imported once. Rejects where the platform does not know the curve. */
function importKey(key: Uint8Array): Promise<CryptoKey> {
  const name = key.join();
  let known = imported.get(name);
  if (!known) {
    if (imported.size >= maxImported) imported.clear();
    known = crypto.subtle.importKey('raw', key, algorithm, false, ['verify']);
    imported.set(name, known);
  }
  return known;
}

/** The first test vector of RFC 8032 §7.1: a key, and its signature over nothing. */
const knownKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const knownSignature =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

let known: Promise<boolean> | undefined;

/** Feature test: WebCrypto verifies what RFC 8032 says it must. */
async function isKnown(): Promise<boolean> {
  const bytes = (hex: string) => decodeHex(hex) ?? new Uint8Array();
  try {
    const key = await importKey(bytes(knownKey));
    return await crypto.subtle.verify(algorithm, key, bytes(knownSignature), new Uint8Array());
  } catch {
    return false;
  }
}

/**
 * Reports whether signature (64 bytes) is the key's (32 bytes) over the message
 * (RFC 8032), by WebCrypto where it can, else by @noble/ed25519.
 */
export async function verifyEd25519(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
  known ??= isKnown();
  if (!(await known)) return verifyWithNoble(key, signature, message);
  try {
    return await crypto.subtle.verify(algorithm, await importKey(key), signature, message);
  } catch {
    return false; // 32 bytes that are no point
  }
}

/** What verifyEd25519 does where WebCrypto has no Ed25519. The library is loaded only there. */
export async function verifyWithNoble(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
  const noble = await import('@noble/ed25519');
  try {
    return await noble.verifyAsync(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}
