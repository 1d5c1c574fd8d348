import { decodeBase64url } from '../encoding/base64.ts';
import type { Value } from '../ijson/index.ts';
import { phoneClaims } from './claims.ts';

/** One disclosed piece of content. */
export interface Field {
  /** 16 random bytes, base64url. */
  salt: string;
  name: string;
  value: Value;
  /** The disclosure as it stands in the compact form. */
  raw: string;
}

/** The longest name of a field, in characters. */
export const maxFieldName = 128;

/** Prefixes of the two families of field names: a field of a form by its key, a blob by its id. */
export const formPrefix = 'field.';
export const blobPrefix = 'blob.';

/**
 * Reports whether a text can name a field: [a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)?,
 * at most 128 characters, and no name of the structure.
 */
export function checkFieldName(name: string): boolean {
  return (
    name.length <= maxFieldName && /^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)?$/.test(name) && !phoneClaims.includes(name)
  );
}

/** Reports whether a text is a field's salt: 16 bytes in canonical base64url, 22 characters. */
export function checkSalt(salt: string): boolean {
  return salt.length === 22 && decodeBase64url(salt) !== undefined;
}

/**
 * Reports whether v holds neither an _sd nor a ... member at any depth: a field
 * has no fields inside (RFC 9901 §4.2.6 is not used).
 */
export function flat(v: Value): boolean {
  for (const [name, member] of v.members()) if (name === '_sd' || name === '...' || !flat(member)) return false;
  return v.elements().every(flat);
}

/** What tree gives: plain data for those that judge values by key, such as package form. */
export type Tree = null | boolean | number | string | Tree[] | { [name: string]: Tree };

/** v as plain data; objects have no prototype, so that any name is only a name. Absent is null. */
export function tree(v: Value): Tree {
  switch (v.kind) {
    case 'object': {
      const o: { [name: string]: Tree } = Object.create(null);
      for (const [name, member] of v.members()) o[name] = tree(member);
      return o;
    }
    case 'array':
      return v.elements().map(tree);
    case 'string':
      return v.text() ?? '';
    case 'integer':
      return v.int() ?? 0;
    case 'boolean':
      return v.bool() ?? false;
    default:
      return null;
  }
}
