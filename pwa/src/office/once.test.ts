import { expect, test } from 'vitest';
import { once } from './once.ts';

test('a deed that is under way is not done again, and the next one is', async () => {
  const run = once();
  let done = 0;
  let finish = () => undefined as unknown;
  const deed = () =>
    new Promise<void>((resolve) => {
      done++;
      finish = () => resolve();
    });
  const first = run(deed);
  expect([run(deed), run(deed)]).toEqual([undefined, undefined]);
  finish();
  await first;
  const second = run(deed);
  finish();
  await second;
  expect(done).toBe(2);
});

test('a deed that failed can be tried again', async () => {
  const run = once();
  await expect(run(() => Promise.reject(new Error('cut')))).rejects.toThrow('cut');
  expect(await run(async () => 'done')).toBe('done');
});
