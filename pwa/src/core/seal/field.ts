import { decodeBase64url, encodeBase64url } from '../encoding/base64.ts';
import { type Random, sha256, take } from '../encoding/bytes.ts';
import { utf8 } from '../encoding/text.ts';
import { marshal, parse, type Value } from '../ijson/index.ts';
import { checkFieldName, checkSalt, type Field, flat, type Hash, maxSize } from '../record/index.ts';
import { SealError } from './seal.ts';

/** A field to be sealed. The value is anything that ijson's marshal takes. */
export interface Content {
  name: string;
  value: unknown;
}

/**
 * The digest that stands for a field in _sd: SHA-256 over the disclosure as it
 * stands in the compact form (RFC 9901 §4.2.3).
 */
export async function fieldDigest(raw: string): Promise<Hash> {
  return encodeBase64url(await sha256(raw));
}

/** Writes one disclosure (RFC 9901 §4.2.1). */
export function makeField(c: Content, random: Random): string {
  if (!checkFieldName(c.name)) throw new SealError('field', `name ${c.name.slice(0, 40)}`);
  const salt = encodeBase64url(take(random, 16));
  let text: string;
  try {
    text = marshal([salt, c.name, c.value]);
  } catch (cause) {
    throw new SealError('field', c.name, { cause });
  }
  const raw = encodeBase64url(utf8(text));
  parseField(raw);
  return raw;
}

/** Reads a disclosure. */
export function parseField(raw: string): Field {
  const text = decodeBase64url(raw);
  if (!text) throw new SealError('field', 'base64url not canonical');
  let v: Value;
  try {
    v = parse(text, { bytes: maxSize });
  } catch (cause) {
    throw new SealError('field', '', { cause });
  }
  const [first, second, value, ...rest] = v.elements();
  if (!first || !second || !value || rest.length > 0) throw new SealError('field', 'not an array of salt, name, value');
  const salt = first.text() ?? '';
  const name = second.text() ?? '';
  if (!checkSalt(salt)) throw new SealError('field', 'salt is not 16 bytes');
  if (!checkFieldName(name)) throw new SealError('field', 'not the name of a field');
  if (!flat(value)) throw new SealError('field', 'a field within a field');
  return { salt, name, value, raw };
}

/**
 * Tells the fields of a record, in the order of its _sd, from those that it does
 * not name. What it names and what is not of the form, or comes twice, is an
 * error: that was signed so, or is not one record.
 */
export async function match(
  digests: readonly Hash[],
  raws: readonly string[],
): Promise<{ fields: Field[]; stray: string[] }> {
  const found = new Map<Hash, Field>();
  const stray: string[] = [];
  const names = new Set<string>();
  const named = new Set(digests);
  for (const raw of raws) {
    const digest = await fieldDigest(raw);
    if (!named.has(digest)) {
      stray.push(raw);
      continue;
    }
    const f = parseField(raw);
    if (names.has(f.name)) throw new SealError('field', 'two of one name'); // or one that was given twice
    names.add(f.name);
    found.set(digest, f);
  }
  return { fields: digests.flatMap((d) => found.get(d) ?? []), stray };
}

/** Puts a record together: core, signature, and fields in the order given. */
export function compact(core: string, signature: Uint8Array, fields: readonly string[]): string {
  return `${core}.${encodeBase64url(signature)}~${fields.map((f) => `${f}~`).join('')}`;
}
