import { type Policy, ruleOf } from './policy.ts';

/**
 * When a visit should be over: its planned end or, where that is not after its
 * start (0: there is no plan), the policy's usual length after the start. All
 * three are ms on one clock.
 */
export function dueAt(p: Policy, start: number, plannedEnd: number): number {
  return plannedEnd > start ? plannedEnd : start + ruleOf(p, 'watch').limit * 60 * 1000;
}

/** Reports whether a visit, begun and not ended, has passed its end. */
export function overdue(p: Policy, start: number, plannedEnd: number, now: number): boolean {
  return now > dueAt(p, start, plannedEnd);
}
