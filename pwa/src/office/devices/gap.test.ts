import { expect, test } from 'vitest';
import { gapOf } from './gap.ts';

test('what was made and is not here has numbers', () => {
  expect(gapOf({ head: 16, made: 17 })).toEqual({ from: 17, to: 17 });
  expect(gapOf({ head: 16, made: 19 })).toEqual({ from: 17, to: 19 });
  expect(gapOf({ head: 16, made: 16 })).toBeUndefined();
  expect(gapOf({ head: 16 })).toBeUndefined();
});
