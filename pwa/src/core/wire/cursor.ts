import { decodeBase64url, encodeBase64url } from '../encoding/base64.ts';
import { encodeHex } from '../encoding/hex.ts';
import { maxInt } from '../ijson/index.ts';
import { WireError } from './wire.ts';

/**
 * A reader's place in the feed: every change below index has been delivered.
 * leaf ties it to one ledger: a server that holds another leaf there, or none,
 * was restored or is another one (docs/protocol.md §7).
 */
export interface Cursor {
  index: number;
  /** The first 16 bytes of the RFC 6962 leaf hash of index−1, in hex. */
  leaf: string;
}

/** The beginning of the feed. */
export const beginning: Cursor = { index: 0, leaf: '0'.repeat(32) };

/**
 * Reads the text form: empty, or 32 characters of base64url over 8 bytes index
 * (big endian) and leaf. One cursor has one text.
 */
export function parseCursor(text: string): Cursor {
  if (text === '') return beginning;
  const raw = text.length === 32 ? decodeBase64url(text) : undefined;
  if (!raw) throw new WireError('cursor');
  const index = BigInt(`0x${encodeHex(raw.subarray(0, 8))}`);
  if (index === 0n || index > BigInt(maxInt)) throw new WireError('cursor', 'index out of range');
  return { index: Number(index), leaf: encodeHex(raw.subarray(8)) };
}

/** Writes the text form. */
export function formatCursor(c: Cursor): string {
  if (c.index === 0) return '';
  const hex = c.index.toString(16).padStart(16, '0') + c.leaf;
  return encodeBase64url(Uint8Array.from(hex.match(/../g) ?? [], (b) => Number.parseInt(b, 16)));
}
