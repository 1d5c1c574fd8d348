import { expect, test } from 'vitest';
import type { Known } from './conduct.ts';
import { ladder, stillToTry } from './ladder.ts';

const tried = (channel: string, at: number) => ({ at, occurred: at, channel, result: 'no_answer' });
const been = (from: number) => ({ visit: `v${from}`, from, outcome: 'absent' });
const k: Known = { contacts: [tried('phone', 1), tried('phone', 2), tried('line', 3), tried('post', 4)], visits: [] };

test('each way is counted on its step, the gentler ones first', () => {
  expect(ladder({ ...k, visits: [been(5)] })).toEqual([
    { step: 'phone', tries: 2, last: 2 },
    { step: 'message', tries: 1, last: 3 },
    { step: 'letter', tries: 1, last: 4 },
    { step: 'visit', tries: 1, last: 5 },
  ]);
  expect(ladder({ contacts: [], visits: [] }).map((r) => r.tries)).toEqual([0, 0, 0, 0]);
});

test('the rule of the first visit counts down, and is over with the first visit', () => {
  expect(stillToTry({ contacts: [], visits: [] }, 3)).toBe(3);
  expect(stillToTry(k, 3)).toBe(0);
  expect(stillToTry({ contacts: [], visits: [been(5)] }, 3)).toBe(0);
});
