import { concat } from '../core/encoding/bytes.ts';
import { fromUTF8, utf8 } from '../core/encoding/text.ts';
import { StoreError } from './fault.ts';
import { own } from './vault.ts';

/** The member that stands for bytes in packed JSON. */
const mark = '$bytes';

/**
 * Writes plain data that may hold ArrayBuffers and Uint8Arrays: JSON first, in
 * which a mark stands for each byte string, then the byte strings.
 */
export function pack(value: unknown): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const lift = (v: unknown): unknown => {
    if (v instanceof ArrayBuffer || v instanceof Uint8Array) {
      parts.push(v instanceof ArrayBuffer ? new Uint8Array(v) : v);
      return { [mark]: parts.length - 1, buffer: v instanceof ArrayBuffer };
    }
    if (Array.isArray(v)) return v.map(lift);
    if (typeof v !== 'object' || v === null) return v;
    return Object.fromEntries(Object.entries(v).map(([name, member]) => [name, lift(member)]));
  };
  const json = utf8(JSON.stringify(lift(value)) ?? 'null');
  return own(concat(length(json), json, ...parts.flatMap((p) => [length(p), p])));
}

/** Reads what pack wrote. Throws StoreError with damaged. */
export function unpack(bytes: Uint8Array<ArrayBuffer>): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = at + 4 <= bytes.length ? view.getUint32(at) : Number.POSITIVE_INFINITY;
    if (at + 4 + size > bytes.length) throw new StoreError('damaged', 'packed value');
    parts.push(bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  const text = parts[0] && fromUTF8(parts[0]);
  if (text === undefined) throw new StoreError('damaged', 'packed value');
  return JSON.parse(text, (_name, v: unknown) => {
    if (typeof v !== 'object' || v === null || !(mark in v) || typeof v[mark] !== 'number') return v;
    const part = own(parts[v[mark] + 1] ?? new Uint8Array());
    return 'buffer' in v && v.buffer ? part.buffer : part;
  });
}

function length(bytes: Uint8Array): Uint8Array {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, bytes.length);
  return four;
}
