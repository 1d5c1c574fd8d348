import { expect, test } from 'vitest';
import { isDark } from './theme.ts';

test('dark after sunset, light in the day, by the season', () => {
  expect(isDark(new Date(2026, 10, 25, 15, 0))).toBe(false);
  expect(isDark(new Date(2026, 10, 25, 16, 30))).toBe(true);
  expect(isDark(new Date(2026, 5, 25, 16, 30))).toBe(false);
  expect(isDark(new Date(2026, 5, 25, 19, 0))).toBe(true);
  expect(isDark(new Date(2026, 0, 25, 6, 30))).toBe(true);
  expect(isDark(new Date(2026, 0, 25, 8, 0))).toBe(false);
});
