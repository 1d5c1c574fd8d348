import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../encoding/base64.ts';
import { decodeHex } from '../encoding/hex.ts';
import { utf8 } from '../encoding/text.ts';
import { vectors } from '../vectors.ts';
import {
  type Checkpoint,
  type Consistency,
  checkConsistency,
  checkExtends,
  checkIncluded,
  checkInclusion,
  emptyRoot,
  type Inclusion,
  leaf,
  newKey,
  open,
  parseConsistency,
  parseInclusion,
  parseKey,
  treeOf,
} from './index.ts';

type Judged = { name: string; code?: string };

const v = vectors<{
  leaves: { core: string; hash: string }[];
  trees: { name: string; leaves: string[]; roots: string[] }[];
  inclusion: (Judged & { leaf: string; root: string; proof: Inclusion })[];
  consistency: (Judged & { old: string; new: string; proof: Consistency })[];
  included: (Judged & { core: string; checkpoint: Checkpoint; proof: Inclusion })[];
  extends: (Judged & { earlier: Checkpoint; later: Checkpoint; proof: Consistency })[];
  proof_texts: (Judged & { kind: string; text: string })[];
  keys: (Judged & { text: string; origin: string; public: string })[];
  checkpoints: (Judged & { text: string; keys: string[]; origin: string; size: number; root: string })[];
}>(
  'ledger',
  'leaves',
  'trees',
  'inclusion',
  'consistency',
  'included',
  'extends',
  'proof_texts',
  'keys',
  'checkpoints',
);

async function judge(c: Judged, work: () => unknown): Promise<void> {
  let got: unknown;
  try {
    await work();
  } catch (e) {
    got = (e as { code?: string }).code ?? e;
  }
  expect(got).toBe(c.code);
}

describe('ledger vectors', () => {
  test.each(v.leaves)('leaf $core', async (c) => {
    expect(await leaf(c.core)).toBe(c.hash);
  });

  test.each(v.trees)('tree: $name', async (c) => {
    const cores = c.leaves.map((text) => decodeHex(text) as Uint8Array);
    expect(c.roots[0]).toBe(emptyRoot);
    for (let size = 0; size <= cores.length; size++) {
      expect(await treeOf(cores.slice(0, size))).toEqual({ size, root: c.roots[size] });
    }
  });

  test.each(v.inclusion)('inclusion: $name', (c) => judge(c, () => checkInclusion(c.proof, c.leaf, c.root)));
  test.each(v.consistency)('consistency: $name', (c) => judge(c, () => checkConsistency(c.proof, c.old, c.new)));
  test.each(v.included)('included: $name', (c) => judge(c, () => checkIncluded(c.proof, c.checkpoint, c.core)));
  test.each(v.extends)('extends: $name', (c) => judge(c, () => checkExtends(c.proof, c.earlier, c.later)));

  test.each(v.proof_texts)('text of a proof: $name', (c) =>
    judge(c, () => (c.kind === 'inclusion' ? parseInclusion : parseConsistency)(utf8(c.text))),
  );

  test.each(v.keys)('key: $name', (c) =>
    judge(c, async () => {
      const key = await parseKey(c.text);
      const raw = decodeBase64(c.public) as Uint8Array;
      expect([key.origin, key.public]).toEqual([c.origin, raw]);
      expect(await newKey(c.origin, raw)).toEqual(key);
    }),
  );

  test.each(v.checkpoints)('checkpoint: $name', (c) =>
    judge(c, async () => {
      const keys = await Promise.all((c.keys ?? []).map(parseKey));
      expect(await open(utf8(c.text), ...keys)).toEqual({ origin: c.origin, size: c.size, root: c.root });
    }),
  );
});
