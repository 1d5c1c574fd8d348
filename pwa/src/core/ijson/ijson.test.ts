import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/text.ts';
import { vectors } from '../vectors.ts';
import { Fault, type Limits, list, marshal, members, parse, type Value } from './index.ts';

interface Case {
  name: string;
  text?: string;
  base64?: string;
  limits?: Limits;
  compact: string;
  sorted: string;
  code: string;
  pointer: string;
}

const v = vectors<{ valid: Case[]; invalid: Case[]; sorted: Case[] }>('ijson', 'valid', 'invalid', 'sorted');
const input = (c: Case): Uint8Array =>
  c.base64 === undefined ? utf8(c.text ?? '') : (decodeBase64(c.base64) as Uint8Array);

describe('ijson vectors', () => {
  test.each(v.valid)('valid: $name', (c) => {
    expect(marshal(parse(input(c), c.limits))).toBe(c.compact);
  });

  test.each(v.invalid)('invalid: $name', (c) => {
    let fault: unknown;
    try {
      parse(input(c), c.limits);
    } catch (e) {
      fault = e;
    }
    expect(fault).toBeInstanceOf(Fault);
    expect(list(fault).map((f) => [f.code, f.pointer])).toEqual([[c.code, c.pointer]]);
  });

  test.each(v.sorted)('sorted: $name', (c) => {
    expect(marshal(asObjects(parse(input(c), c.limits)))).toBe(c.sorted);
  });
});

/** Loses the order of members, so that marshal has to sort. */
function asObjects(v: Value): unknown {
  if (v.kind === 'array') return v.elements().map(asObjects);
  if (v.kind !== 'object') return v;
  const o = Object.create(null);
  for (const [name, member] of v.members()) o[name] = asObjects(member);
  return o;
}

describe('marshal refuses what parse would not take', () => {
  test.each([
    ['a fraction', 1.5, 'number', ''],
    ['2^53', [2 ** 53], 'number', '/0'],
    ['a lone surrogate', { 'a/b': '\ud800' }, 'utf8', '/a~1b'],
    ['a noncharacter', '\ufdd0', 'noncharacter', ''],
    ['undefined', { a: undefined }, 'type', '/a'],
    ['a Date', new Date(0), 'type', ''],
  ])('%s', (_, value, code, pointer) => {
    expect(() => marshal(value)).toThrow(expect.objectContaining({ code, pointer }));
  });

  test('a name given twice', () => {
    expect(() => members(['a', 1], ['a', 2])).toThrow(expect.objectContaining({ code: 'duplicate' }));
  });
});
