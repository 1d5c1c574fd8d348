import { type Case, isClosed } from '../../core/history/index.ts';
import type { ID } from '../../core/record/index.ts';
import { distance, type Point, pointOf } from '../place/match.ts';

/** A case as the list shows it. */
export interface Row {
  case: Case;
  /** A visit of this phone that is not over. */
  visiting: boolean;
  /** The office has sent back a visit, and none came after it. */
  returned: boolean;
  /** Days until it is due, negative when that is past; undefined without a date. */
  dueIn: number | undefined;
  /** Records and blobs of this phone without a receipt. */
  unsent: number;
  /** Metres to the registered address; undefined where either is not known. */
  away: number | undefined;
}

/** What was tried in a case, by the office's word and by this phone's. */
export interface Tries {
  attempts: number;
  visits: number;
  /** ms, of the last try to reach the worker; 0 for none. */
  last: number;
}

/** Joins what the office knows with what this phone has sealed since, everything once: without a signal a call counts, too. */
export function tries(
  c: Case,
  told: readonly { hash: string; at: number }[],
  visits: readonly { visit: ID; case: ID }[],
): Tries {
  const known = new Set(c.attempts.map((a) => a.record));
  const own = told.filter((r) => !known.has(r.hash));
  const seen = new Set(c.visits.map((v) => v.visit));
  const office = c.attempts.at(-1);
  return {
    attempts: c.attempts.length + own.length,
    visits: c.visits.length + visits.filter((v) => v.case === c.id && !seen.has(v.visit)).length,
    last: Math.max(office ? (office.occurred_at ?? office.at) : 0, ...own.map((r) => r.at)),
  };
}

const dayMS = 86_400_000;
const japan = 9 * 3_600_000;

/** The number of a calendar day in Japan. */
function dayOf(at: number): number {
  return Math.floor((at + japan) / dayMS);
}

/** Whole days from now to a date, in Japan. */
export function daysUntil(date: unknown, now: number): number | undefined {
  if (typeof date !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const at = Date.parse(`${date}T00:00:00+09:00`);
  return Number.isNaN(at) ? undefined : dayOf(at) - dayOf(now);
}

/** The last visit that the office has decided on was sent back, and the rep has not been there since. */
export function isReturned(c: Case): boolean {
  return c.visits.at(-1)?.review === 'returned';
}

/** Makes the rows of the list, most urgent first; from where the rep is, the nearest of equal rank. */
export function rows(
  cases: readonly Case[],
  visiting: ReadonlySet<ID>,
  unsent: ReadonlyMap<ID, number>,
  now: number,
  here?: Point,
): Row[] {
  const list = cases.map((c) => ({
    case: c,
    visiting: visiting.has(c.id),
    returned: isReturned(c),
    dueIn: daysUntil(c.facts.due_on, now),
    unsent: unsent.get(c.id) ?? 0,
    away: awayFrom(here, pointOf(c.facts.address_point)),
  }));
  return list.sort((a, b) => rank(a) - rank(b) || far(a) - far(b) || due(a) - due(b) || opened(b) - opened(a));
}

function awayFrom(here: Point | undefined, there: Point | undefined): number | undefined {
  return here && there ? distance(here, there) : undefined;
}

function far(r: Row): number {
  return r.away ?? Number.MAX_SAFE_INTEGER;
}

/** A distance as one says it: 350 m, 1.2 km, 14 km. */
export function inSteps(metres: number): string {
  if (metres < 995) return `${Math.max(10, Math.round(metres / 10) * 10)} m`;
  const km = metres / 1000;
  return `${km < 9.95 ? km.toFixed(1) : Math.round(km)} km`;
}

function rank(r: Row): number {
  if (r.visiting) return 0;
  if (isClosed(r.case)) return 5;
  if (r.case.practice) return 4;
  if (r.returned) return 1;
  return settledStates.has(r.case.state) ? 3 : 2;
}

/** The rep has done his part. */
const settledStates: ReadonlySet<string> = new Set(['recovered', 'stated', 'review', 'disclosed', 'acknowledged']);

function due(r: Row): number {
  return r.dueIn ?? Number.MAX_SAFE_INTEGER;
}

function opened(r: Row): number {
  return r.case.opened?.at ?? 0;
}

/** Keeps the rows in which every word is found: name, reading, client, item, number, address. */
export function search(list: readonly Row[], query: string): Row[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...list];
  return list.filter((r) => {
    const f = r.case.facts;
    const hay = fold(
      [f.worker_name, f.worker_kana, f.client, f.item, f.number, f.title, f.address]
        .filter((v) => typeof v === 'string')
        .join(' '),
    );
    return words.every((w) => hay.includes(w));
  });
}

/** Width, case and the two kana are the same to who searches. */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0x60));
}
