import { isHex256 } from '../encoding/hex.ts';
import { codePoints } from '../encoding/text.ts';
import { type Kind, maxInt, type Value } from '../ijson/index.ts';
import { parseHash } from './hash.ts';
import { parseID } from './id.ts';

/** What a value may look like. */
export type Shape = (
  | { type: 'text'; min: number; max: number } // string without U+0000; characters (code points)
  | { type: 'code'; codes: readonly string[] }
  | { type: 'int'; min: number; max: number }
  | { type: 'bool' }
  | { type: 'time' } // integer, ms since 1970
  | { type: 'date' } // YYYY-MM-DD, a day that exists
  | { type: 'id' } // UUID
  | { type: 'hash' | 'key' } // 43 characters of base64url
  | { type: 'sha256' } // 64 lower-case hex digits
  | { type: 'array'; min: number; max: number; of: Shape }
  | { type: 'object'; members?: readonly Slot[] } // no members: any object
  | { type: 'any' }
) & {
  /** null will do as well. */
  null?: true;
};

/** A named place for a value: a member of an object, or a field. */
export interface Slot {
  name: string;
  shape: Shape;
  required?: true;
}

/** Codes of a schema's fault. */
export type FaultCode =
  | 'missing' // required and not there
  | 'unknown' // this kind has no such thing
  | 'type' // wrong JSON type
  | 'value' // not allowed: form, code, range
  | 'required'; // wanted by another field's value

/** Undefined, or the code of what is wrong. */
export function checkShape(v: Value, s: Shape): FaultCode | undefined {
  if ((s.null && v.kind === 'null') || s.type === 'any') return undefined;
  if (v.kind !== kindOf(s)) return 'type';
  const within = (n: number, range: { min: number; max: number }) =>
    n < range.min || n > range.max ? 'value' : undefined;
  switch (s.type) {
    case 'int':
      return within(v.int() ?? 0, s);
    case 'array': {
      const size = within(v.length, s);
      if (size) return size;
      for (const e of v.elements()) {
        const code = checkShape(e, s.of);
        if (code) return code;
      }
      return undefined;
    }
    case 'object':
      return s.members && checkMembers(v, s.members);
    default:
      return holds(s, v.text()) ? undefined : 'value';
  }
}

function kindOf(s: Shape): Kind {
  switch (s.type) {
    case 'int':
    case 'time':
      return 'integer';
    case 'bool':
      return 'boolean';
    case 'array':
    case 'object':
      return s.type;
    default:
      return 'string';
  }
}

/** Judges the text of a shape that is a string; others have none. */
function holds(s: Shape, text: string | undefined): boolean {
  if (text === undefined) return true;
  switch (s.type) {
    case 'text': {
      const n = codePoints(text);
      return n >= s.min && n <= s.max && !text.includes('\0'); // no database column holds it
    }
    case 'code':
      return s.codes.includes(text);
    case 'date':
      return isDate(text);
    case 'id':
      return parseID(text) !== undefined;
    case 'hash':
    case 'key':
      return parseHash(text) !== undefined;
    case 'sha256':
      return isHex256(text);
    default:
      return true;
  }
}

function isDate(text: string): boolean {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!m) return false;
  const [year, month, day] = m.slice(1).map(Number) as [number, number, number];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

function checkMembers(v: Value, slots: readonly Slot[]): FaultCode | undefined {
  for (const [name, member] of v.members()) {
    const slot = slots.find((s) => s.name === name);
    if (!slot) return 'unknown';
    const code = checkShape(member, slot.shape);
    if (code) return code;
  }
  return slots.some((s) => s.required && v.get(s.name).kind === 'absent') ? 'missing' : undefined;
}

// Short ways to write a Shape in the table.
export const chars = (max: number): Shape => ({ type: 'text', min: 1, max });
export const number = (min: number, max: number): Shape => ({ type: 'int', min, max });
export const codes = (...codes: string[]): Shape => ({ type: 'code', codes });
export const codesOf = (list: readonly { code: string }[]): Shape => codes(...list.map((c) => c.code));
export const object = (...members: Slot[]): Shape => ({ type: 'object', members });
export const array = (min: number, max: number, of: Shape): Shape => ({ type: 'array', min, max, of });
export const orNull = (s: Shape): Shape => ({ ...s, null: true });
export const must = (name: string, shape: Shape): Slot => ({ name, shape, required: true });
export const may = (name: string, shape: Shape): Slot => ({ name, shape });

/** The value of every blob.<id>. */
export const blobShape = object(
  must('sha256', { type: 'sha256' }),
  must('size', number(1, maxInt)), // an empty photo is a defect, never evidence
  must('type', chars(127)),
  must('of', orNull(chars(64))),
);
