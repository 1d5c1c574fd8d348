import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { decodeHex, encodeHex } from '../encoding/hex.ts';
import { BlobError, type Ref } from './blob.ts';

/** Writes the value of the HTTP field Content-Digest for a body that is the blob (RFC 9530 §2). */
export function formatContentDigest(ref: Ref): string {
  return `sha-256=:${encodeBase64(decodeHex(ref) ?? new Uint8Array())}:`;
}

/**
 * The sha-256 of a Content-Digest field (RFC 9530 §2): a dictionary of byte
 * sequences (RFC 8941 §3.2, §3.3.5). Other algorithms are passed over. Throws a
 * BlobError when sha-256 is missing, stands there twice, is not canonical base64
 * of 32 bytes, or when the field is no such dictionary.
 */
export function parseContentDigest(field: string): Ref {
  let ref: Ref | undefined;
  for (const part of field.split(',')) {
    const m = /^[ \t]*([a-z*][a-z0-9_.*-]*)=:([^:]*):[ \t]*$/.exec(part);
    const sum = m && decodeBase64(m[2] ?? '');
    if (!m || !sum) throw new BlobError('digest', 'no dictionary of canonical base64');
    if (m[1] !== 'sha-256') continue;
    if (ref !== undefined) throw new BlobError('digest', 'sha-256 twice');
    if (sum.length !== 32) throw new BlobError('digest', `${sum.length} bytes`);
    ref = encodeHex(sum);
  }
  if (ref === undefined) throw new BlobError('digest', 'no sha-256');
  return ref;
}
