import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/text.ts';
import { list } from '../ijson/index.ts';
import { vectors } from '../vectors.ts';
import {
  channels,
  checkFieldName,
  clockFlags,
  contactResults,
  emptyStructure,
  marshalStructure,
  newID,
  outcomes,
  parseHash,
  parseID,
  parseStructure,
  roles,
  StructureError,
  skewMS,
  stateOf,
  states,
  timeOf,
} from './index.ts';

interface Payload {
  name: string;
  office: boolean;
  payload: string;
  again: string;
  flags: string[];
  faults: string[];
}

interface Moment {
  at: number;
  boot: string;
  mono: number;
  clock: [number, number] | null;
}

const v = vectors<{
  ids: { text: string; why?: string }[];
  hashes: { text: string; why?: string }[];
  names: { name: string; ok: boolean }[];
  valid: Payload[];
  invalid: Payload[];
  clock: { name: string; prev: Moment | null; cur: Moment; received: number; flags: string[]; skew_ms: number }[];
  codes: { list: string; code: string; ja: string; en: string }[];
  outcomes: { code: string; state: string }[];
}>('record', 'ids', 'hashes', 'names', 'valid', 'invalid', 'clock', 'codes', 'outcomes');

describe('record vectors', () => {
  test.each(v.ids)('id $text', (c) => {
    expect(parseID(c.text)).toBe(c.why ? undefined : c.text);
  });

  test.each(v.hashes)('hash $text', (c) => {
    expect(parseHash(c.text)).toBe(c.why ? undefined : c.text);
  });

  test.each(v.names)('name of a field: $name', (c) => {
    expect(checkFieldName(c.name)).toBe(c.ok);
  });

  test.each(v.valid)('valid: $name', (c) => {
    const { structure, flags } = parseStructure(utf8(c.payload), c.office);
    expect(flags).toEqual(c.flags ?? []);
    expect(marshalStructure(structure)).toBe(c.again);
  });

  test.each(v.invalid)('invalid: $name', (c) => {
    let error: unknown;
    try {
      parseStructure(utf8(c.payload), c.office);
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(StructureError);
    expect([...new Set(list(error).map((f) => f.pointer))].sort()).toEqual(c.faults);
  });

  test.each(v.clock)('clock: $name', (c) => {
    const timed = (m: Moment) => ({ ...m, clock: m.clock && { offsetMS: m.clock[0], ageMS: m.clock[1] } });
    expect(clockFlags(c.prev ? timed(c.prev) : undefined, timed(c.cur), c.received)).toEqual(c.flags);
    expect(skewMS(timed(c.cur), c.received)).toBe(c.skew_ms);
  });

  test('codes', () => {
    const lists = { outcomes, channels, results: contactResults, states, roles };
    const all = Object.entries(lists).flatMap(([list, codes]) => codes.map((c) => ({ list, ...c })));
    const order = (a: { list: string }, b: { list: string }) => a.list.localeCompare(b.list);
    expect(all.sort(order)).toEqual([...v.codes].sort(order));
  });

  test.each(v.outcomes)('outcome $code', (c) => {
    expect(stateOf(c.code)).toBe(c.state);
  });
});

describe('record', () => {
  test('newID is a UUIDv7 of the time and the randomness given', () => {
    const id = newID(1763640000000, (bytes) => bytes.fill(0xff));
    expect(id).toBe('019aa122-be00-7fff-bfff-ffffffffffff');
    expect(timeOf(id)).toBe(1763640000000);
  });

  test('an office record with a place in a journal is not written', () => {
    const { structure } = parseStructure(utf8(v.valid.find((c) => c.office)?.payload ?? ''), true);
    expect(() => marshalStructure({ ...structure, boot: 'x' })).toThrow(StructureError);
    expect(() => marshalStructure(emptyStructure())).toThrow(StructureError);
  });
});
