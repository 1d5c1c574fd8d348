/**
 * Package blob names and checks the bytes of a photo or another attachment. It
 * is the twin of sync/blob.
 *
 * A blob is named by the SHA-256 of its exact bytes, in the lower-case hex that
 * sha256sum prints, so that a person with a file and a terminal can check what a
 * record says.
 */
import { sha256 } from '../encoding/bytes.ts';
import { encodeHex, isHex256 } from '../encoding/hex.ts';

/** The largest blob, in bytes: a photo of 64 MiB. */
export const maxSize = 64 << 20;

/** What can be wrong with a blob or with what names it. */
export type Code =
  | 'ref' // not a lower-case hex SHA-256
  | 'mismatch' // SHA-256 of the bytes differs
  | 'size' // number of bytes differs
  | 'digest' // unusable Content-Digest
  | 'plan'; // no such part of an upload

/** A fault of this package. */
export class BlobError extends Error {
  readonly code: Code;

  constructor(code: Code, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'BlobError';
    this.code = code;
  }
}

/** Names a blob: the SHA-256 of its bytes, 64 characters of lower-case hex. */
export type Ref = string & { readonly brand?: 'Ref' };

/** The name of bytes. */
export async function refOf(bytes: Uint8Array): Promise<Ref> {
  return encodeHex(await sha256(bytes));
}

/** Reads a name. Only lower-case hex of the right length is taken, so that one blob has one name everywhere. */
export function parseRef(text: string): Ref {
  if (!isHex256(text)) throw new BlobError('ref', `${text.length} characters`);
  return text;
}

/**
 * Holds bytes against their name and size. WebCrypto hashes only what is whole,
 * so this takes the place of Go's streaming reader.
 */
export async function check(bytes: Uint8Array, want: Ref, size: number): Promise<void> {
  if (bytes.length !== size) throw new BlobError('size', `${bytes.length} of ${size}`);
  if ((await refOf(bytes)) !== want) throw new BlobError('mismatch', 'SHA-256 differs');
}
