import { Fault } from './fault.ts';
import { maxInt } from './ijson.ts';
import { Value } from './value.ts';

/**
 * An object to be written with its names in the given order. A name given
 * twice is a Fault ("duplicate").
 */
export function members(...entries: readonly (readonly [string, unknown])[]): Map<string, unknown> {
  const m = new Map<string, unknown>();
  for (const [name, value] of entries) {
    if (m.has(name)) throw new Fault('', 'duplicate', name.slice(0, 40));
    m.set(name, value);
  }
  return m;
}

/**
 * Writes v compactly, byte for byte what JSON.stringify makes of the same
 * value. v may be null, a boolean, an integer, a string, an array of these, a
 * Map (names in its order, see members), a plain object (names sorted by UTF-16
 * code units, so that the text is canonical by RFC 8785), or a parsed Value.
 *
 * What parse would not take is thrown as a Fault and never written: "number",
 * "utf8" (a lone surrogate), "noncharacter"; "type" for anything else.
 */
export function marshal(v: unknown): string {
  if (v === null) return 'null';
  switch (typeof v) {
    case 'boolean':
      return String(v);
    case 'number':
      if (!Number.isInteger(v) || Math.abs(v) > maxInt) throw new Fault('', 'number');
      return v === 0 ? '0' : String(v);
    case 'string':
      return marshalString(v);
    case 'object':
      break;
    default:
      throw new Fault('', 'type', typeof v);
  }
  if (v instanceof Value) return marshalValue(v);
  if (Array.isArray(v)) return `[${v.map((e, i) => under(String(i), e)).join(',')}]`;
  if (v instanceof Map) return marshalMembers([...v]);
  if (Object.getPrototypeOf(v) !== Object.prototype && Object.getPrototypeOf(v) !== null) throw new Fault('', 'type');
  return marshalMembers(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function marshalMembers(entries: [unknown, unknown][]): string {
  return `{${entries.map(([name, value]) => `${marshalString(String(name))}:${under(String(name), value)}`).join(',')}}`;
}

const loneSurrogate = /\p{Surrogate}/u;
const noncharacter = /\p{Noncharacter_Code_Point}/u;

function marshalString(s: string): string {
  if (loneSurrogate.test(s)) throw new Fault('', 'utf8');
  if (noncharacter.test(s)) throw new Fault('', 'noncharacter');
  return JSON.stringify(s);
}

function marshalValue(v: Value): string {
  switch (v.kind) {
    case 'absent':
      throw new Fault('', 'missing');
    case 'string':
      return marshalString(v.text() as string);
    case 'array':
      return marshal(v.elements());
    case 'object':
      return marshalMembers([...v.members()]);
    default:
      return v.raw(); // its source is its only form
  }
}

/** Writes a child, and moves its fault one level down. */
function under(step: string, v: unknown): string {
  try {
    return marshal(v);
  } catch (e) {
    if (e instanceof Fault)
      throw new Fault(`/${step.replaceAll('~', '~0').replaceAll('/', '~1')}${e.pointer}`, e.reason, e.detail);
    throw e;
  }
}
