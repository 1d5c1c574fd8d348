import { expect, test } from 'vitest';
import type { MemberChoice } from '../../engine/index.ts';
import { switchable } from './members.ts';

const one = (space: string, id: string, more: Partial<MemberChoice> = {}): MemberChoice => ({
  space,
  id,
  name: id,
  current: false,
  locked: false,
  unsent: 0,
  ...more,
});
const spaces = (...members: MemberChoice[]) => switchable(members).map((m) => m.space);

test('everyone but who works now', () => {
  expect(spaces(one('a', 'A', { current: true }), one('b', 'B'), one('c', 'C', { locked: true }))).toEqual(['b', 'c']);
});

test('an enrolment with a forgotten PIN is offered while something of it is unsent, and as long as no other opens', () => {
  const forgotten = one('a1', 'A', { locked: true });
  expect(spaces(forgotten, one('a2', 'A'), one('b', 'B', { current: true }))).toEqual(['a2']);
  expect(spaces({ ...forgotten, unsent: 3 }, one('a2', 'A', { current: true }))).toEqual(['a1']);
  expect(spaces(forgotten, one('a2', 'A', { locked: true }), one('b', 'B', { current: true }))).toEqual(['a1', 'a2']);
});
