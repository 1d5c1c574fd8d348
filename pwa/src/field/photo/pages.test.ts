import { expect, test } from 'vitest';
import { nextPage } from './pages.ts';

const taken = (...roles: string[]) => ({
  blobs: roles.map((role) => ({
    id: role,
    role,
    sha256: '',
    size: 1,
    type: 'image/jpeg',
    of: '',
    kept: true,
    state: 'waiting' as const,
  })),
});

test('pages go on where they were, whatever else was photographed', () => {
  expect(nextPage([], 'paper_page')).toBe(1);
  expect(nextPage([taken('badge_front'), taken('paper_page_1', 'preview'), taken('paper_page_2')], 'paper_page')).toBe(
    3,
  );
  expect(nextPage([taken('paper_page_7')], 'paper_page')).toBe(8);
  expect(nextPage([taken('paper_page_99')], 'paper_page')).toBe(99);
});
