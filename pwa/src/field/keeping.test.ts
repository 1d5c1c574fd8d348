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

test('of what is typed while a write is under way the last is written, and written waits for it', async () => {
  const kept: string[] = [];
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const draft = new Keeping<string>(async (value) => {
    await slow;
    kept.push(value);
  });
  for (const value of ['a', 'ab', 'abc', 'abcd']) draft.keep(value);
  const written = draft.written();
  release();
  await written;
  expect(kept).toEqual(['a', 'abcd']);
});
