import { expect, test } from 'vitest';
import { EngineError } from '../../engine/index.ts';
import { tryPin } from './tried.ts';

test('a PIN is called wrong only when it was tried and is wrong', async () => {
  const fails = (cause: unknown) => tryPin(() => Promise.reject(cause));
  expect(await tryPin(async () => undefined)).toBe('right');
  expect(await tryPin(async () => false)).toBe('wrong');
  expect(await fails(new EngineError('pin_wrong'))).toBe('wrong');
  expect(await fails(new EngineError('pin_wait'))).toBe('wait');
  expect(await fails(new EngineError('store'))).toBe('failed');
  expect(await fails(new Error('gone'))).toBe('failed');
});
