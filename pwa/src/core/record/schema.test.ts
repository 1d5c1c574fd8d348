import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/text.ts';
import { marshal, parse, type Value } from '../ijson/index.ts';
import { vectors } from '../vectors.ts';
import { type Content, checkSchema, emptyStructure, type Schema, type Shape, schemaOf, withheld } from './index.ts';
import { schemas } from './schemas.ts';
import { blobShape } from './shape.ts';

interface Case {
  name: string;
  kind: string;
  office: boolean;
  case: boolean;
  visit: boolean;
  amends: boolean;
  v?: number;
  blobs?: [string, string][];
  fields: Record<string, unknown>;
  withheld?: number;
  faults: [string, string][];
}

/** The table's own form: what a rule wants is called then, which no object of JavaScript should have. */
type Kind = Omit<Schema, 'rules'> & {
  kind: string;
  rules?: { if: string; member?: string; is?: string; then: string[] }[];
};

const v = vectors<{ blob: Shape[]; kinds: Kind[]; cases: Case[] }>('schema', 'blob', 'kinds', 'cases');

const value = (tree: unknown): Value => parse(utf8(marshal(tree)), { bytes: 1 << 20 });

describe('schema vectors', () => {
  test('the shape of a blob', () => {
    expect([blobShape]).toEqual(v.blob);
  });

  test.each(v.kinds)('the table says the same of $kind', ({ kind, rules, ...schema }) => {
    const renamed = rules?.map(({ then, ...rule }) => ({ ...rule, wants: then }));
    expect(schemaOf(kind)).toEqual(renamed ? { ...schema, rules: renamed } : schema);
  });

  test('no kind is missing', () => {
    expect([...schemas.keys()].sort()).toEqual(v.kinds.map((k) => k.kind).sort());
  });

  test.each(v.cases)('$name', (c) => {
    const id = '019aa122-b600-7fff-bfff-ffffffffffff';
    const fields = Object.entries(c.fields).map(([name, tree]) => ({ name, value: value(tree) }));
    const r: Content = {
      ...emptyStructure(),
      v: c.v ?? 1,
      kind: c.kind,
      seq: c.office ? 0 : 1,
      case: c.case ? id : '',
      visit: c.visit ? id : '',
      amends: c.amends ? 'B'.repeat(43) : '',
      blobs: (c.blobs ?? []).map(([id, role]) => ({ id, role })),
      sd: Array(fields.length + (c.withheld ?? 0)).fill(''),
      fields,
    };
    expect(withheld(r)).toBe(c.withheld ?? 0);
    const faults = checkSchema(r).map((f) => [f.pointer, f.code]);
    expect(faults.sort()).toEqual([...c.faults].sort());
  });
});
