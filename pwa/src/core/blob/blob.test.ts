import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../encoding/base64.ts';
import { vectors } from '../vectors.ts';
import { check, formatContentDigest, parseContentDigest, parseRef, plan, refOf, sniff } from './index.ts';

type Failing = { name: string; code?: string };

const v = vectors<{
  refs: { name: string; bytes: string; ref: string }[];
  invalid_refs: (Failing & { text: string })[];
  reads: (Failing & { bytes: string; ref: string; size: number })[];
  digests: { name: string; field: string; ref: string; canonical?: boolean }[];
  invalid_digests: (Failing & { field: string })[];
  sniffs: { name: string; first: string; type: string }[];
  plans: { name: string; size: number; offset: number; chunk: number; from: number; to: number; last?: boolean }[];
  invalid_plans: (Failing & { size: number; offset: number; chunk: number })[];
}>('blob', 'refs', 'invalid_refs', 'reads', 'digests', 'invalid_digests', 'sniffs', 'plans', 'invalid_plans');

const bytes = (text: string) => decodeBase64(text) as Uint8Array;
const coded = (code = '') => expect.objectContaining({ code: code.replace('Err', '').toLowerCase() });

describe('blob vectors', () => {
  test.each(v.refs)('ref: $name', async (c) => {
    expect(await refOf(bytes(c.bytes))).toBe(c.ref);
    expect(parseRef(c.ref)).toBe(c.ref);
  });

  test.each(v.invalid_refs)('no ref: $name', (c) => {
    expect(() => parseRef(c.text)).toThrow(coded(c.code));
  });

  test.each(v.reads)('read: $name', async (c) => {
    const checked = check(bytes(c.bytes), c.ref, c.size);
    if (c.code) await expect(checked).rejects.toThrow(coded(c.code));
    else await checked;
  });

  test.each(v.digests)('digest: $name', (c) => {
    expect(parseContentDigest(c.field)).toBe(c.ref);
    if (c.canonical) expect(formatContentDigest(c.ref)).toBe(c.field);
  });

  test.each(v.invalid_digests)('no digest: $name', (c) => {
    expect(() => parseContentDigest(c.field)).toThrow(coded(c.code));
  });

  test.each(v.sniffs)('sniff: $name', (c) => {
    expect(sniff(bytes(c.first))).toBe(c.type);
  });

  test.each(v.plans)('plan: $name', (c) => {
    expect(plan(c.size, c.offset, c.chunk)).toEqual({ from: c.from, to: c.to, last: c.last ?? false });
  });

  test.each(v.invalid_plans)('no plan: $name', (c) => {
    expect(() => plan(c.size, c.offset, c.chunk)).toThrow(coded(c.code));
  });
});
