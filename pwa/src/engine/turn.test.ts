import { expect, test } from 'vitest';
import { turn } from './turn.ts';

test('what waits goes first, and each turn comes', async () => {
  const order: string[] = [];
  setImmediate(() => order.push('waiting'));
  await turn();
  while (!order.includes('waiting')) await turn();
  order.push('after');
  expect(order).toEqual(['waiting', 'after']);
});
