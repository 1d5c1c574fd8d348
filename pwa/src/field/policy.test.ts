import { expect, test } from 'vitest';
import source from '../../../sync/policy/jp-1.json';
import type { Tree } from '../core/record/index.ts';
import { inForce } from './policy.ts';

const mark = (index: number) => ({ record: '', at: 0, index, actor: '' });
const body = (version: string) => ({ ...source, version }) as unknown as Tree;

test('the built-in policy until the office publishes another', () => {
  expect(inForce([]).version).toBe('jp-1');
  expect(
    inForce([
      { version: 'house-3', body: body('house-3'), published: mark(40) },
      { version: 'house-2', body: body('house-2'), published: mark(12) },
    ]).version,
  ).toBe('house-3');
});

test('one with a mistake is refused as a whole, the one before stays in force', () => {
  expect(
    inForce([
      { version: 'house-5', body: { v: 1 }, published: mark(50) },
      { version: 'house-2', body: body('house-2'), published: mark(12) },
    ]).version,
  ).toBe('house-2');
  expect(inForce([{ version: 'house-9', published: mark(50) }]).version).toBe('jp-1');
});
