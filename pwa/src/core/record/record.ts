/**
 * Package record holds the fact that everything else is made of: a record, its
 * structure in the clear, its content in fields, the kinds there are, and the
 * rules of the journal that chains a phone's records (docs/protocol.md, section
 * 1). It is the twin of sync/record.
 *
 * The package knows what a record says, not how it is sealed: that is package
 * seal.
 */
import { absent, type Value } from '../ijson/index.ts';
import { blobPrefix, type Field, formPrefix } from './field.ts';
import type { Flag } from './flag.ts';
import type { Hash } from './hash.ts';
import type { KeyID } from './keyid.ts';
import { blobShape, checkShape } from './shape.ts';
import type { Structure } from './structure.ts';

/** An opened record: what was signed, and the fields that came with it. Read-only once made. */
export interface Opened extends Structure {
  /** The key that signed, as the header names it. */
  keyID: KeyID;
  /** SHA-256 of core. */
  hash: Hash;
  /** protected.payload, exactly as signed. */
  core: string;
  /** 64 bytes, r‖s (ES256) or Ed25519. */
  signature: Uint8Array;
  /** In the order of sd; fewer when some are withheld or erased. */
  fields: Field[];
  /** What came along and has no digest in sd; not part of the record. */
  stray: string[];
  /** What the text alone shows: unknown_version, unknown_kind, stray_field. */
  flags: Flag[];
}

/** What is read of a record beside its seal. */
export type Content = Structure & { fields: readonly Pick<Field, 'name' | 'value'>[] };

/** The record is of the office and not of a phone. It has no place in a journal. */
export function isOffice(s: Pick<Structure, 'seq'>): boolean {
  return s.seq === 0;
}

/** The value of a field, absent when it is not disclosed here. */
export function field(r: Pick<Content, 'fields'>, name: string): Value {
  return r.fields.find((f) => f.name === name)?.value ?? absent;
}

/** A field's text, "" when it is not there or not a string. */
export function text(r: Pick<Content, 'fields'>, name: string): string {
  return field(r, name).text() ?? '';
}

/** A field's integer, undefined when it is not there or not an integer. */
export function int(r: Pick<Content, 'fields'>, name: string): number | undefined {
  return field(r, name).int();
}

/** The number of digests whose fields are not here: not sent yet, kept back from this reader, or erased. */
export function withheld(r: Pick<Content, 'fields' | 'sd'>): number {
  return r.sd.length - r.fields.length;
}

/** What a record says about one of its blobs. */
export interface BlobField {
  /** Names the blob within its record. */
  id: string;
  role: string;
  /** Lower-case hex, 64 characters. */
  sha256: string;
  /** Bytes, at least 1. */
  size: number;
  /** Media type as the phone named it. */
  type: string;
  /** Id of the original in the same record, for a derivative; else "". */
  of: string;
}

/**
 * The blobs that are both named in the structure and described by a well-formed
 * field, in the order of the structure. A field that was erased takes its blob
 * with it.
 */
export function blobFields(r: Pick<Content, 'blobs' | 'fields'>): BlobField[] {
  const list: BlobField[] = [];
  for (const slot of r.blobs) {
    const v = field(r, blobPrefix + slot.id);
    if (v.kind === 'absent' || checkShape(v, blobShape)) continue;
    const text = (name: string) => v.get(name).text() ?? '';
    const size = v.get('size').int() ?? 0;
    list.push({ id: slot.id, role: slot.role, sha256: text('sha256'), size, type: text('type'), of: text('of') });
  }
  return list;
}

/** The values of the form, by key without the prefix. */
export function formFields(r: Pick<Content, 'fields'>): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const f of r.fields) if (f.name.startsWith(formPrefix)) values.set(f.name.slice(formPrefix.length), f.value);
  return values;
}
