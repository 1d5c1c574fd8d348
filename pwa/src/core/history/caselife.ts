import { type Hash, type ID, int, type State, stateOf } from '../record/index.ts';
import type { Case } from './case.ts';
import { short } from './content.ts';
import { type Entry, maxRefs, overflow, type Ref, some } from './ref.ts';
import type { Visit } from './visit.ts';

/** One try to reach the worker (連絡試行). */
export interface Attempt extends Ref {
  visit?: ID | undefined;
  channel?: string | undefined;
  result?: string | undefined;
  /** ms, as the rep says, where it was not when he wrote it down. */
  occurred_at?: number | undefined;
}

/** What a contact.logged says. */
export function attemptOf(r: Entry, ref: Ref): Attempt {
  return {
    ...ref,
    visit: some(r.visit),
    channel: some(short(r, 'channel')),
    result: some(short(r, 'result')),
    occurred_at: some(int(r, 'occurred_at')),
  };
}

/** What a case says of one of its visits. */
export interface VisitSummary {
  visit: ID;
  actor: ID;
  /** ms: its start, or the first that is known of it. */
  from: number;
  /** Absent while neither record is here. */
  phase?: 'started' | 'ended' | undefined;
  /** ms: the later of start and end. */
  moved_at?: number | undefined;
  /** ms */
  planned_end?: number | undefined;
  outcome?: string | undefined;
  complete?: boolean | undefined;
  /** The office's latest decision, with what it told the rep. */
  review?: string | undefined;
  review_reason?: string | undefined;
  /** ms */
  reviewed_at?: number | undefined;
  reviewer?: ID | undefined;
  flags?: number | undefined;
}

/** Takes over what a visit has become. Reports whether that is anything new to the case. */
export function summarise(c: Case, v: Visit, ref: Ref): boolean {
  const s = summaryOf(v);
  const held = c.visits.findIndex((other) => other.visit === s.visit);
  if (held >= 0) {
    if (same(c.visits[held] as VisitSummary, s)) return false;
    c.visits.splice(held, 1);
  }
  if (c.visits.length >= maxRefs) {
    overflow(c, ref.index);
    return true;
  }
  const earlier = (a: VisitSummary, b: VisitSummary) => (a.from !== b.from ? a.from < b.from : a.visit < b.visit);
  let at = c.visits.length;
  while (at > 0 && earlier(s, c.visits[at - 1] as VisitSummary)) at--;
  c.visits.splice(at, 0, s);
  return true;
}

function summaryOf(v: Visit): VisitSummary {
  const first = v.started ?? v.records[0];
  const s: VisitSummary = {
    visit: v.visit,
    actor: first?.actor ?? '',
    from: first?.at ?? 0,
    planned_end: v.planned_end,
    outcome: v.outcome,
    complete: some(v.complete),
    review: some(v.review?.decision),
    review_reason: v.review?.reason,
    reviewed_at: some(v.review?.at),
    reviewer: some(v.review?.actor),
    flags: some(v.flags),
  };
  if (v.started) {
    s.phase = 'started';
    s.moved_at = some(v.started.at);
  }
  if (v.ended) {
    // A clock that was set back during the visit cannot end it before it began.
    if (!s.phase || v.ended.at > (s.moved_at ?? 0)) s.moved_at = some(v.ended.at);
    s.phase = 'ended';
  }
  return s;
}

function same(a: VisitSummary, b: VisitSummary): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof VisitSummary>;
  return [...names].every((name) => a[name] === b[name]);
}

/** A step of the case that the office made. */
export interface Move {
  /** ms */
  at: number;
  index: number;
  record: Hash;
  kind: string;
  to: State;
}

/** Notes a step, in the order of the ledger. */
export function moveTo(c: Case, ref: Ref, to: State): void {
  const m = { at: ref.at, index: ref.index, record: ref.record, kind: ref.kind, to };
  c.moves ??= [];
  const at = c.moves.findIndex((other) => other.index >= m.index);
  if (c.moves[at]?.index === m.index) c.moves[at] = m;
  else if (c.moves.length >= maxRefs) overflow(c, ref.index);
  else c.moves.splice(at < 0 ? c.moves.length : at, 0, m);
}

/** What is last known of the item: by the office, or by a visit that ended later. */
export interface ItemState {
  state: string;
  office?: Claim | undefined;
}

/** A state of the item that the office has set. */
export interface Claim {
  at: number;
  state: string;
  record: Hash;
}

/** Where the case stood from a time on. A weak one is a contact, which any other outweighs. */
interface Step {
  at: number;
  to: State;
  weak?: boolean;
}

/**
 * The later step; of two at one time the first, which is the office's, or that of
 * the visit which stands earlier in the order of visits.
 */
function later(a: Step | undefined, b: Step): Step {
  return !a || a.weak || b.at > a.at ? b : a;
}

/**
 * Computes state, item and flags from the lists, so that nothing depends on the
 * order in which those were filled.
 *
 * The latest step wins, be it a visit's or the office's. A contact takes a case
 * out of received and does nothing else. A closed case is closed: evidence that
 * comes later is listed and flagged, but only case.changed opens it again.
 */
export function derive(c: Case): void {
  let last: Step | undefined = c.attempts.length > 0 ? { at: 0, to: 'contacting', weak: true } : undefined;
  let closed = false;
  let clock = Number.NEGATIVE_INFINITY;
  for (const m of c.moves ?? []) {
    // The ledger is the order of the office's steps, whatever its clocks say.
    clock = Math.max(clock, m.at);
    last = { at: clock, to: m.to };
    if (m.kind === 'case.changed') closed = m.to === 'closed';
  }
  const office = c.item_state.office;
  let item = office ?? { at: Number.NEGATIVE_INFINITY, state: 'on_loan' };
  c.flags = 0;
  for (const v of c.visits) {
    c.flags += v.flags ?? 0;
    const at = v.moved_at ?? 0;
    if (v.phase === 'ended') {
      last = later(last, { at, to: stateOf(v.outcome ?? '') });
      const claim = itemAfter(v.outcome);
      if (claim && at > item.at) item = { at, state: claim };
    }
    if (v.phase === 'started') last = later(last, { at, to: 'visiting' });
  }
  const loose = [...(c.records ?? []), ...c.attempts.filter((a) => !a.visit)];
  for (const ref of loose) c.flags += ref.flags?.length ?? 0;
  c.item_state.state = item.state;
  c.state = closed ? 'closed' : (last?.to ?? 'received');
}

/** Where the lent item is after a visit that ended so, if it says. */
function itemAfter(outcome: string | undefined): string | undefined {
  return outcome === 'returned' || outcome === 'lost_claimed' || outcome === 'discarded_claimed' ? outcome : undefined;
}
