import { utf8 } from '../encoding/text.ts';
import type { Value } from '../ijson/index.ts';
import { type Content, field, type Hash, type ID, parseHash, parseID, type Tree, text, tree } from '../record/index.ts';

// Reading fields. None of these trusts the kind's schema to hold.

/** Stands for U+0000, which the server's jsonb cannot hold. */
const visibleNUL = '\u2400';

/** Bounds a code or a name in a state, in bytes of UTF-8. */
const maxShort = 800;

/** Bounds words that are meant for a person. */
const maxLong = 4000;

/** Reads a code, a name or a label; beyond maxShort it ends in an ellipsis. */
export function short(r: Content, name: string): string {
  return shorten(text(r, name));
}

/** Reads what one person tells another; beyond maxLong it ends in an ellipsis. */
export function long(r: Content, name: string): string {
  return cut(text(r, name), maxLong);
}

/** Makes a text storable and short. */
export function shorten(s: string): string {
  return cut(s, maxShort);
}

function cut(s: string, most: number): string {
  const clean = s.replaceAll('\0', visibleNUL);
  if (utf8(clean).length <= most) return clean;
  let kept = '';
  let bytes = 0;
  for (const c of clean) {
    bytes += utf8(c).length;
    if (bytes > most) break;
    kept += c;
  }
  return `${kept}…`;
}

/** A value as plain data without U+0000. */
export function raw(v: Value): Tree {
  return visible(tree(v));
}

function visible(t: Tree): Tree {
  if (typeof t === 'string') return t.replaceAll('\0', visibleNUL);
  if (Array.isArray(t)) return t.map(visible);
  if (t === null || typeof t !== 'object') return t;
  return Object.fromEntries(Object.entries(t).map(([name, v]) => [name.replaceAll('\0', visibleNUL), visible(v)]));
}

/** The field body when it is an object. */
export function bodyOf(r: Content): Tree | undefined {
  return objectField(r, 'body');
}

/** A field when it is an object. */
export function objectField(r: Content, name: string): Tree | undefined {
  const v = field(r, name);
  return v.kind === 'object' ? raw(v) : undefined;
}

/** An id, undefined when it is not one. */
export function idField(r: Content, name: string): ID | undefined {
  return parseID(text(r, name));
}

/** A hash or key id, undefined when it is not one. */
export function hashField(r: Content, name: string): Hash | undefined {
  return parseHash(text(r, name));
}

/** An array of ids, each once; undefined when it is not one. */
export function idList(r: Content, name: string): ID[] | undefined {
  return listOf(r, name, parseID);
}

/** An array of hashes, each once; undefined when it is not one. */
export function hashList(r: Content, name: string): Hash[] | undefined {
  return listOf(r, name, parseHash);
}

function listOf(r: Content, name: string, parse: (text: string) => string | undefined): string[] | undefined {
  const v = field(r, name);
  if (v.kind !== 'array') return undefined;
  const list = v.elements().map((e) => parse(e.text() ?? ''));
  return list.includes(undefined) ? undefined : [...new Set(list as string[])];
}

/** An array of strings, passing over what is none. */
export function texts(r: Content, name: string, most: number): string[] {
  const list = field(r, name)
    .elements()
    .flatMap((e) => e.text() ?? []);
  return list.slice(0, most).map(shorten);
}
