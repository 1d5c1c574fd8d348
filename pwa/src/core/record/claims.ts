import { decodeBase64url } from '../encoding/base64.ts';
import type { Obj } from '../ijson/index.ts';
import { type Hash, parseHash, zeroHash } from './hash.ts';
import { type ID, parseID } from './id.ts';
import type { BlobSlot, Structure } from './structure.ts';

/** Bounds of one record. */
export const version = 1;
/** Bytes of the whole compact form, fields included. */
export const maxSize = 65536;
/** Digests in _sd. */
export const maxFields = 256;
export const maxBlobs = 64;

/** The members of a phone's payload, in their order. */
export const phoneClaims: readonly string[] =
  'v id seq prev kind case visit at tz boot mono clock actor app policy blobs amends _sd_alg _sd'.split(' ');

/** The members of the office's payload, in their order. */
export const officeClaims: readonly string[] = 'v id kind case visit at actor app blobs amends _sd_alg _sd'.split(' ');

/** Reads an id; "" when it is absent or faulty. */
export function readID(o: Obj, name: string, required: boolean): ID {
  const text = required ? o.string(name) : o.optString(name);
  if (text === undefined || (text === '' && o.kind(name) !== 'string')) return '';
  const id = parseID(text);
  if (id === undefined) o.fault(name, 'id');
  return id ?? '';
}

/** Reads a hash; "" when it is absent or faulty. All zeros name nothing. */
export function readHash(o: Obj, name: string, required: boolean): Hash {
  const text = required ? o.string(name) : o.optString(name);
  if (text === undefined || (text === '' && o.kind(name) !== 'string')) return '';
  const h = parseHash(text);
  if (h !== undefined && h !== zeroHash) return h;
  o.fault(name, 'hash');
  return '';
}

/** Reads at most 64 characters of printable ASCII. */
export function readWords(o: Obj, name: string, mayBeEmpty: boolean): string {
  const s = o.string(name);
  if (s === '' && (mayBeEmpty || o.kind(name) !== 'string')) return '';
  if (!/^[ -~]{1,64}$/.test(s)) o.fault(name, 'value', 'want printable ASCII, at most 64 characters');
  return s;
}

/** Reads the blobs that the structure announces. */
export function readBlobs(o: Obj, required: boolean): BlobSlot[] {
  const arr = o.optArr('blobs');
  if (arr === undefined) {
    if (required && !o.has('blobs')) o.arr('blobs'); // notes that it is missing
    return [];
  }
  if (arr.length > maxBlobs) {
    o.fault('blobs', 'value', 'more than 64');
    return [];
  }
  const list: BlobSlot[] = [];
  const seen = new Set<string>();
  let i = 0;
  for (const b of arr.objs()) {
    const slot = { id: b.string('id'), role: b.string('role') };
    b.only('id', 'role');
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(slot.id) || !/^[a-z0-9_]{1,64}$/.test(slot.role) || seen.has(slot.id)) {
      arr.fault(i, 'value', "not a blob's id and role, or an id given twice");
    }
    seen.add(slot.id);
    list.push(slot);
    i++;
  }
  return list;
}

/** Reads _sd: ascending as text. */
export function readDigests(o: Obj): Hash[] {
  const arr = o.arr('_sd');
  if (arr.length > maxFields) {
    o.fault('_sd', 'value', 'more than 256');
    return [];
  }
  const texts = arr.strings();
  texts.forEach((text, i) => {
    if (parseHash(text) === undefined) arr.fault(i, 'hash');
    else if (i > 0 && (texts[i - 1] as string) >= text) arr.fault(i, 'value', 'not ascending');
  });
  return texts;
}

/** Reads what only a phone's record has. */
export function readJournal(o: Obj, s: Structure): void {
  s.seq = o.int('seq');
  s.prev = readHash(o, 'prev', true);
  s.tz = readWords(o, 'tz', false);
  s.boot = o.string('boot');
  s.mono = o.int('mono');
  s.policy = readWords(o, 'policy', true);
  if (o.has('seq') && s.seq < 1) o.fault('seq', 'value', 'want 1 or more');
  if (o.has('mono') && s.mono < 0) o.fault('mono', 'value', 'want 0 or more');
  if (o.has('boot') && !(s.boot.length === 22 && decodeBase64url(s.boot))) {
    o.fault('boot', 'value', 'want 16 bytes in base64url');
  }
  if (o.kind('clock') !== 'null') {
    const c = o.obj('clock');
    s.clock = { offsetMS: c.int('offset_ms'), ageMS: c.int('age_ms') };
    c.only('offset_ms', 'age_ms');
  }
}
