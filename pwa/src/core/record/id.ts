import { type Random, take } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';

/**
 * A UUID (RFC 9562), in version 7 ordered by the time of its making. An ID is
 * its only text form, lower case with hyphens, 36 characters; the order of the
 * texts is that of the bytes. "" stands for none and is never written.
 */
export type ID = string & { readonly brand?: 'ID' };

const nil = '00000000-0000-0000-0000-000000000000';
const form = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A UUIDv7: 48 bits of now (ms since 1970), 74 bits out of random (RFC 9562 §5.7). */
export function newID(now: number, random: Random): ID {
  const bytes = new Uint8Array(16);
  bytes.set(take(random, 10), 6);
  for (let i = 5, ms = now; i >= 0; i--, ms = Math.floor(ms / 256)) bytes[i] = ms % 256;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = encodeHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Reads the text form; undefined for anything else and for the nil UUID, which names nothing. */
export function parseID(text: string): ID | undefined {
  return form.test(text) && text !== nil ? text : undefined;
}

/** Reports whether id is a UUIDv7 of the RFC 9562 variant. */
export function isV7(id: ID): boolean {
  return id[14] === '7' && '89ab'.includes(id[19] ?? '-');
}

/** The millisecond that a UUIDv7 was made in, by its maker's clock. */
export function timeOf(id: ID): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
