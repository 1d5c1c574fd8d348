import type { Case } from '../../core/history/index.ts';
import { count, type Facts, type Finding, visit as judge, type Policy, worst } from '../../core/policy/index.ts';
import type { ID } from '../../core/record/index.ts';

/** One try to reach the worker. */
export interface Try {
  /** When it was written down, which is what rules count. */
  at: number;
  /** When it was, as the rep says. */
  occurred: number;
  channel: string;
  result: string;
}

/** What this phone has sealed for a case, sent or not. */
export interface Own {
  contacts: readonly ({ hash: string } & Try)[];
  visits: readonly { visit: ID; startedAt: number; outcome: string }[];
}

/** What the phone and the office together know of a case, everything once. */
export interface Known {
  contacts: Try[];
  visits: { visit: ID; from: number; outcome: string }[];
}

/** Joins the office's state of a case with what this phone has not sent yet. */
export function known(c: Case, own: Own): Known {
  const contacts = new Map<string, Try>(
    c.attempts.map(({ record, at, occurred_at: occurred = at, channel = '', result = '' }) => [
      record,
      { at, occurred, channel, result },
    ]),
  );
  for (const { hash, ...one } of own.contacts) if (!contacts.has(hash)) contacts.set(hash, one);
  const visits = new Map(c.visits.map((v) => [v.visit, { visit: v.visit, from: v.from, outcome: v.outcome ?? '' }]));
  for (const o of own.visits) {
    const other = visits.get(o.visit);
    if (!other) visits.set(o.visit, { visit: o.visit, from: o.startedAt, outcome: o.outcome });
    else if (!other.outcome) other.outcome = o.outcome;
  }
  const inOrder = <T>(list: Iterable<T>, at: (e: T) => number) => [...list].sort((a, b) => at(a) - at(b));
  return { contacts: inOrder(contacts.values(), (a) => a.at), visits: inOrder(visits.values(), (v) => v.from) };
}

/** What the policy asks about a visit that begins at that instant, as the server will ask it again. */
export function factsAt(p: Policy, k: Known, at: number, agreed: boolean): Facts {
  const began = k.visits.map((v) => v.from);
  const first = Math.min(at, ...began);
  const { today, week } = count(p, at, began);
  const said = (code: string) => k.contacts.some((a) => a.result === code && a.at < at);
  return {
    attempts: k.contacts.filter((a) => a.at < first).length,
    visitsToday: today,
    visitsWeek: week,
    toldNotToCome: said('do_not_come'),
    disputed: said('disputed') || k.visits.some((v) => v.outcome === 'disputed' && v.from < at),
    agreedHours: agreed,
  };
}

/** What stands against beginning a visit now. */
export interface Conduct {
  findings: Finding[];
  /** "block": the visit must not begin; "warn": with an explanation for each finding. */
  level: 'block' | 'warn' | '';
  /** The worker's own words agreeing to the hour would open the way. */
  agreementHelps: boolean;
}

/** Judges a visit that would begin at that instant. */
export function conduct(p: Policy, k: Known, at: number, agreed: boolean): Conduct {
  const findings = judge(p, at, factsAt(p, k, at, agreed));
  const level = worst(findings);
  const agreementHelps = level === 'block' && !agreed && worst(judge(p, at, factsAt(p, k, at, true))) !== 'block';
  return { findings, level, agreementHelps };
}

/** The rules of hours: for them the worker's own words are the explanation. */
export function isHours(p: Policy, rule: string): boolean {
  return p.rules.some((r) => r.id === rule && r.check === 'hours');
}
