import { encodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/text.ts';
import type { Hash } from '../record/index.ts';

/**
 * Writes the header Upload-Metadata of tus 1.0 (creation extension): which blob
 * of which record is coming. sha256 is that of the whole blob, lower-case hex.
 */
export function uploadMetadata(record: Hash, sha256: string): string {
  return `record ${encodeBase64(utf8(record))},sha256 ${encodeBase64(utf8(sha256))}`;
}

/**
 * Writes the header Upload-Checksum of tus 1.0: the digest of one chunk. It finds
 * damage on the way; what a blob is, only its SHA-256 in the record says.
 */
export function uploadChecksum(algorithm: 'sha1' | 'sha256', sum: Uint8Array): string {
  return `${algorithm} ${encodeBase64(sum)}`;
}
