import { expect, test } from 'vitest';
import { Keeping } from './keeping.ts';

test('what changes while a paper is sealed does not bring its draft back; after a failure it is kept again', async () => {
  const kept: string[] = [];
  const draft = new Keeping<string>(async (value) => {
    await Promise.resolve();
    kept.push(value);
  });
  expect(draft.keep('a')).toBe(true);
  const failing = draft.seal(async () => {
    expect(kept).toEqual(['a']);
    throw new Error('full');
  });
  expect(draft.keep('late')).toBe(false);
  await expect(failing).rejects.toThrow('full');
  expect(draft.keep('b')).toBe(true);
  expect(await draft.seal(async () => kept.splice(0))).toEqual(['a', 'b']);
  expect([draft.keep('c'), kept]).toEqual([false, []]);
});
