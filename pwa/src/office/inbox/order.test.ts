import { expect, test } from 'vitest';
import type { InboxVisit } from '../api.ts';
import { groupOf, neighbour, ordered } from './order.ts';

function visit(name: string, more: Partial<InboxVisit>): InboxVisit {
  return {
    case: 'c',
    visit: name,
    number: '',
    worker_name: '',
    client: '',
    item: '',
    actor: '',
    started_at: 0,
    flags: 0,
    complete: false,
    ...more,
  };
}

const list = ordered([
  visit('pending', { started_at: 900 }),
  visit('old', { complete: true, started_at: 100, ended_at: 200 }),
  visit('new', { complete: true, started_at: 110, ended_at: 300 }),
  visit('late', { late: true, started_at: 50 }),
]);

test('safety first, then what can be decided, newest first', () => {
  expect(list.map((v) => v.visit)).toEqual(['late', 'new', 'old', 'pending']);
  expect(list.map(groupOf)).toEqual(['late', 'complete', 'complete', 'pending']);
});

test('J and K go to the neighbours and stop at the ends', () => {
  expect(neighbour(list, 'new', 1)?.visit).toBe('old');
  expect(neighbour(list, 'new', -1)?.visit).toBe('late');
  expect(neighbour(list, 'pending', 1)).toBeUndefined();
  expect(neighbour(list, 'decided', 1)?.visit).toBe('late');
  expect(neighbour([], 'x', -1)).toBeUndefined();
});
