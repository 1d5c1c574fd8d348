/**
 * Package policy holds the conduct policy: at which hours, how often and after
 * what a worker may be visited, and what may be photographed (docs/policy.md).
 * It is the twin of sync/policy. Judging is pure, so that the phone does it
 * offline and the server again.
 *
 * The policy can block the beginning of a visit. It never blocks saving what has
 * happened: a finding is recorded, asks for an explanation, and is shown to the
 * reviewer. All instants are ms since 1970.
 */
import type { Label } from '../record/index.ts';

/** What a finding does: the visit may begin with an explanation, or must not begin. */
export type Level = 'warn' | 'block';

/** What a rule looks at. */
export type Check =
  | 'hours' // at lies in [from, to) of the day
  | 'attempts_before_first' // fewer than limit
  | 'visits_per_day' // this visit would be more than limit
  | 'visits_per_week' // this visit would be more than limit
  | 'told_not_to_come'
  | 'disputed'
  | 'photo_role' // a photo of something that is not on the list
  | 'photo_reason' // a photo that needs a reason and has none
  | 'watch'; // limit minutes are the plan of a visit without one

/** One version of the rules. */
export interface Policy {
  version: string;
  /** Its name, for people. */
  zone: string;
  /** Fixed, minutes east of UTC: Japan has had no other since 1951. */
  offsetMinutes: number;
  rules: Rule[];
  photoRoles: PhotoRole[];
}

/**
 * One rule, with the words that are shown and where it comes from. Members that
 * do not belong to its check are 0 or "".
 */
export interface Rule {
  id: string;
  check: Check | '';
  level: Level;
  /** hours: the level when the worker agreed to the hour. */
  agreedLevel: Level | '';
  /** hours: minutes of the day; from > to runs over midnight. */
  from: number;
  to: number;
  limit: number;
  text: Label;
  source: Label;
}

/** Something that may be photographed. */
export interface PhotoRole {
  code: string;
  name: Label;
  /** The role of the blob ends in _<page>, 1 to 99. */
  paged: boolean;
  /** Needs a reason. */
  reason: boolean;
}

/** What is known of a case when a visit begins, that visit itself not counted. */
export interface Facts {
  /** Contact attempts before the first visit; before any visit: so far. */
  attempts: number;
  /** Earlier visits on the day of this one (count). */
  visitsToday: number;
  /** Earlier visits in the 7 days before this one (count). */
  visitsWeek: number;
  /** 「来ないで」, in whatever words and by whatever channel. */
  toldNotToCome: boolean;
  disputed: boolean;
  /** The worker's own words agreeing to the hour are recorded. */
  agreedHours: boolean;
}

/** One rule that the visit or the photo does not keep. */
export interface Finding {
  rule: string;
  level: Level;
  text: Label;
  source: Label;
}

const minuteMS = 60 * 1000;
const dayMS = 24 * 60 * minuteMS;
const weekMS = 7 * dayMS;

/** An instant on the clock of the policy's zone. */
function local(p: Policy, at: number): { day: number; minute: number } {
  const shifted = at + p.offsetMinutes * minuteMS;
  const day = Math.floor(shifted / dayMS);
  return { day, minute: Math.floor((shifted - day * dayMS) / minuteMS) };
}

/**
 * Says which rules a visit that begins at that instant does not keep, in the
 * order of the policy. Worse facts never lower a level or take a finding away.
 */
export function visit(p: Policy, at: number, f: Facts): Finding[] {
  const { minute } = local(p, at);
  return p.rules.flatMap((r) => {
    if (!broken(r, minute, f)) return [];
    const level = r.check === 'hours' && f.agreedHours && r.agreedLevel ? r.agreedLevel : r.level;
    return [{ rule: r.id, level, text: r.text, source: r.source }];
  });
}

function broken(r: Rule, minute: number, f: Facts): boolean {
  switch (r.check) {
    case 'hours':
      return covers(r, minute);
    case 'attempts_before_first':
      return f.attempts < r.limit;
    case 'visits_per_day':
      return f.visitsToday >= r.limit;
    case 'visits_per_week':
      return f.visitsWeek >= r.limit;
    case 'told_not_to_come':
      return f.toldNotToCome;
    case 'disputed':
      return f.disputed;
    default:
      return false;
  }
}

/** Reports whether a rule of hours covers a minute of the day. */
export function covers(r: Rule, minute: number): boolean {
  return r.from < r.to ? minute >= r.from && minute < r.to : minute >= r.from || minute < r.to;
}

/** "block" if any finding blocks, "warn" if there is any, else "". */
export function worst(list: readonly Finding[]): Level | '' {
  if (list.some((f) => f.level === 'block')) return 'block';
  return list.length > 0 ? 'warn' : '';
}

/**
 * Counts the earlier visits of a case for Facts. A day is a calendar day in the
 * policy's zone, and a visit belongs to the day on which it began; a week is the
 * 7 × 24 hours that end at at. Visits that began after at do not count; the
 * visit that is judged must not be among them.
 */
export function count(p: Policy, at: number, began: readonly number[]): { today: number; week: number } {
  const earlier = began.filter((b) => b <= at);
  const today = earlier.filter((b) => local(p, b).day === local(p, at).day).length;
  return { today, week: earlier.filter((b) => b > at - weekMS).length };
}

/** The one rule of a check that a policy has once. */
export function ruleOf(p: Policy, check: Check): Rule {
  return p.rules.find((r) => r.check === check) as Rule; // parse has seen to it
}
