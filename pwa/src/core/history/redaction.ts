import type { Hash } from '../record/index.ts';
import { hashField, short } from './content.ts';
import { type Entry, type Mark, point, type Ref } from './ref.ts';

/**
 * A photo.redacted: a picture that stands in for a photo wherever somebody outside
 * the agency looks. The photo itself stays as it is.
 */
export interface Redaction extends Mark {
  /** The record that holds the original. */
  photo: Hash;
  /** Its blob there. */
  original: string;
}

/** What a photo.redacted stands in for; undefined when it does not say. */
export function redactionOf(r: Entry, ref: Ref): Redaction | undefined {
  const photo = hashField(r, 'record');
  return photo && { ...point(ref), photo, original: short(r, 'original') };
}
