import { describe, expect, test } from 'vitest';
import type { Case } from '../../core/history/index.ts';
import { daysUntil, rows, search, tries } from './order.ts';

const now = Date.parse('2026-11-25T23:30:00+09:00');

function make(id: string, more: Partial<Case> = {}): Case {
  return {
    id,
    facts: {},
    assignees: [],
    state: 'received',
    item_state: { state: '' },
    attempts: [],
    visits: [],
    flags: 0,
    facts_index: 0,
    ...more,
  };
}
const ids = (list: { case: Case }[]) => list.map((r) => r.case.id);
const plain = (cases: Case[]) => rows(cases, new Set(), new Map(), now);

test('days are counted in Japan', () => {
  expect(daysUntil('2026-11-25', now)).toBe(0);
  expect(daysUntil('2026-11-26', now)).toBe(1);
  expect(daysUntil('2026-11-24', now)).toBe(-1);
  expect(daysUntil(undefined, now)).toBeUndefined();
  expect(daysUntil('soon', now)).toBeUndefined();
});

describe('the most urgent is first', () => {
  test('a visit that is not over, then what the office sent back, then by date', () => {
    const list = [
      make('later', { facts: { due_on: '2026-12-10' } }),
      make('none'),
      make('closed', { state: 'closed', facts: { due_on: '2026-01-01' } }),
      make('practice', { practice: true }),
      make('stated', { state: 'stated', facts: { due_on: '2026-11-01' } }),
      make('soon', { facts: { due_on: '2026-11-26' } }),
      make('returned', { visits: [{ visit: 'v', actor: '', from: 1, review: 'returned' }] }),
      make('visiting'),
    ];
    expect(ids(rows(list, new Set(['visiting']), new Map([['soon', 2]]), now))).toEqual([
      'visiting',
      'returned',
      'soon',
      'later',
      'none',
      'stated',
      'practice',
      'closed',
    ]);
  });
  test('a visit after the one that was sent back answers it', () => {
    const c = make('c', {
      visits: [
        { visit: 'v', actor: '', from: 1, review: 'returned' },
        { visit: 'w', actor: '', from: 2 },
      ],
    });
    expect(plain([c])[0]?.returned).toBe(false);
  });
});

test('search finds by name, reading in either kana, number in either width', () => {
  const list = plain([
    make('a', { facts: { worker_name: '髙橋 健', worker_kana: 'タカハシ ケン', number: 'TC-１４７' } }),
    make('b', { facts: { worker_name: 'Nguyễn Văn An', client: '株式会社東都' } }),
  ]);
  expect(ids(search(list, 'たかはし'))).toEqual(['a']);
  expect(ids(search(list, 'tc-147'))).toEqual(['a']);
  expect(ids(search(list, '東都 nguyễn'))).toEqual(['b']);
  expect(ids(search(list, '  '))).toEqual(['a', 'b']);
});

test('a call without a signal counts at once, and once only when the office knows of it', () => {
  const told = [{ hash: 'h2', at: now - 1000 }];
  const first = { record: 'h1', at: now - 5000, occurred_at: now - 90_000 } as Case['attempts'][number];
  const c = make('c', { attempts: [first] });
  const mine = [
    { visit: 'v1', case: 'c' },
    { visit: 'v2', case: 'other' },
  ];
  expect(tries(c, told, mine)).toEqual({ attempts: 2, visits: 1, last: now - 1000 });
  const later = make('c', {
    attempts: [first, { ...first, record: 'h2', occurred_at: now - 1000 }],
    visits: [{ visit: 'v1' } as Case['visits'][number]],
  });
  expect(tries(later, told, mine)).toEqual({ attempts: 2, visits: 1, last: now - 1000 });
  expect(tries(make('none'), [], [])).toEqual({ attempts: 0, visits: 0, last: 0 });
});
