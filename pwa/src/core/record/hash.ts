import { decodeBase64url, encodeBase64url } from '../encoding/base64.ts';
import { compareBytes, sha256 } from '../encoding/bytes.ts';

/**
 * Names a record: SHA-256 over its core, the ASCII text "protected.payload" of
 * its JWS (RFC 7515 §5.1 step 5). The signature is left out because ES256
 * signatures are malleable: one statement has one hash.
 *
 * A Hash is its text form, canonical base64url without padding, 43 characters,
 * so that === compares and a Map takes it as a key. "" stands for none.
 */
export type Hash = string & { readonly brand?: 'Hash' | 'KeyID' };

/** No hash: what 32 zero bytes stand for in Go, which name no record. */
export const zeroHash = 'A'.repeat(43);

/** The hash of a record's core. */
export async function hashCore(core: string): Promise<Hash> {
  return encodeBase64url(await sha256(core));
}

/** Reads the text form; undefined for anything but the canonical encoding of 32 bytes. */
export function parseHash(text: string): Hash | undefined {
  return text.length === 43 && decodeBase64url(text) ? text : undefined;
}

/** The 32 bytes of a hash or a key id. */
export function hashBytes(hash: Hash): Uint8Array {
  return decodeBase64url(hash) ?? new Uint8Array(32);
}

/** Orders hashes by their bytes, which is not the order of their texts. */
export function compareHashes(a: Hash, b: Hash): number {
  return a === b ? 0 : compareBytes(hashBytes(a), hashBytes(b));
}
