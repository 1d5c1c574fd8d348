import { expect, test, vi } from 'vitest';
import { grace, keeper } from './grace.ts';

test('a glance at the map locks nothing; a quarter of an hour out of sight does, also where timers slept', () => {
  vi.useFakeTimers();
  const lock = vi.fn();
  const seen = keeper(lock);
  seen(false);
  vi.advanceTimersByTime(grace - 1);
  seen(true);
  vi.advanceTimersByTime(2 * grace);
  expect(lock).toHaveBeenCalledTimes(0);
  seen(false);
  vi.advanceTimersByTime(grace);
  expect(lock).toHaveBeenCalledTimes(1);

  const asleep = { now: () => at, set: () => 0, clear: () => undefined };
  let at = 1;
  const late = vi.fn();
  const woken = keeper(late, asleep);
  woken(false);
  at += grace;
  woken(true);
  expect(late).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});
