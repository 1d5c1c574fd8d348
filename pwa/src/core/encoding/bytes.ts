import { utf8 } from './text.ts';

/** SHA-256 of bytes, or of a text's UTF-8: 32 bytes. */
export async function sha256(data: Uint8Array | string): Promise<Uint8Array> {
  const bytes = typeof data === 'string' ? utf8(data) : data;
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/** Puts byte strings together. */
export function concat(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) {
    all.set(p, at);
    at += p.length;
  }
  return all;
}

/** Orders byte strings by their first difference, a prefix first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const d = (a[i] ?? 0) - (b[i] ?? 0);
    if (d !== 0) return d;
  }
  return a.length - b.length;
}

/**
 * A source of randomness: fills the array and returns it, as
 * crypto.getRandomValues does. It is a parameter everywhere in core.
 */
export type Random = (into: Uint8Array<ArrayBuffer>) => Uint8Array;

/** Takes n bytes out of a source. */
export function take(random: Random, n: number): Uint8Array {
  const bytes = new Uint8Array(n);
  random(bytes);
  return bytes;
}
