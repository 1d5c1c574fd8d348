import { expect, test } from 'vitest';
import { idleLimit, isAwake, isOver, watchActivity } from './activity.ts';

test('a page that nobody touches falls asleep, and its session ends without being asked', () => {
  const page = new EventTarget();
  watchActivity(page);
  const start = Date.now();
  page.dispatchEvent(new Event('keydown'));
  const far = start + 100 * idleLimit;
  expect([isAwake(start + 60_000), isAwake(start + 11 * 60_000)]).toEqual([true, false]);
  expect([isOver(far, start + 60_000), isOver(far, start + idleLimit + 1000)]).toEqual([false, true]);
});

test('a session ends at its own time, however busy', () => {
  const start = Date.now();
  expect([isOver(start + 1000, start), isOver(start + 1000, start + 1000)]).toEqual([false, true]);
});
