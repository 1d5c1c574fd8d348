import { compareHashes, type Hash, type ID, int } from '../record/index.ts';
import { hashField, hashList, long, short } from './content.ts';
import { type Correction, correctionOf, root } from './correction.ts';
import { genuine } from './genuine.ts';
import { type Redaction, redactionOf } from './redaction.ts';
import { answer, before, type Entry, type Mark, type Overflow, overflow, point, put, type Ref, some } from './ref.ts';

/** One visit of a case (訪問), from arrival to leaving. */
export interface Visit extends Overflow {
  case: ID;
  visit: ID;
  /** The earliest visit.started. */
  started?: Mark | undefined;
  /** The latest visit.ended. */
  ended?: Mark | undefined;
  /** ms */
  planned_end?: number | undefined;
  places?: Place[] | undefined;
  /** Corrected; absent while unknown. */
  outcome?: string | undefined;
  /** As the ended record says. */
  ended_as?: string | undefined;
  /** All of the visit, in order. */
  records: Ref[];
  corrections?: Correction[] | undefined;
  redactions?: Redaction[] | undefined;
  /**
   * The list in the ended record is there, everything on it is held, and nothing
   * that the same journal had before is left out of it.
   */
  complete: boolean;
  /** Length of that list; absent when it is erased or malformed. */
  listed?: number | undefined;
  /** On the list and not held. */
  missing?: Hash[] | undefined;
  /** Held, earlier in the journal, not on the list. */
  unlisted?: Hash[] | undefined;
  review?: Review | undefined;
  /** On its records. */
  flags: number;
}

/** One place of a visit. */
export interface Place extends Mark {
  /** A code: doorstep, common_area, restaurant, office, other. */
  place?: string | undefined;
  planned_end?: number | undefined;
}

/** The office's latest decision on a visit (審査). */
export interface Review extends Mark {
  /** approved, returned, held */
  decision: string;
  reason?: string | undefined;
}

/** A visit before any record; id is case/visit. */
export function newVisit(id: string): Visit {
  const [c = '', v = ''] = id.split('/');
  return { case: c, visit: v, records: [], complete: false, flags: 0 };
}

/** Moves a visit by one of its records. */
export function applyVisit(v: Visit, r: Entry, ref: Ref): void {
  const held = v.records.some((other) => other.record === ref.record);
  if (!put(v.records, ref)) {
    overflow(v, ref.index);
    return;
  }
  check(v, ref, held);
  if (genuine(r)) move(v, r, ref);
  derive(v);
}

function move(v: Visit, r: Entry, ref: Ref): void {
  switch (r.kind) {
    case 'visit.started':
    case 'place.changed':
      v.places ??= [];
      put(v.places, { ...point(ref), place: some(short(r, 'place')), planned_end: some(int(r, 'planned_end')) });
      if (r.kind === 'visit.started' && (!v.started || v.started.record === ref.record || before(ref, v.started))) {
        v.started = point(ref);
      }
      break;
    case 'visit.ended':
      if (!v.ended || v.ended.record === ref.record || before(v.ended, ref)) end(v, r, ref);
      break;
    case 'record.amended':
      v.corrections ??= [];
      put(v.corrections, correctionOf(r, ref));
      break;
    case 'photo.redacted': {
      const one = redactionOf(r, ref);
      if (!one) break;
      v.redactions ??= [];
      put(v.redactions, one);
      break;
    }
    case 'review.decided':
      if (!v.review || ref.index >= v.review.index) {
        v.review = { ...point(ref), decision: short(r, 'decision'), reason: some(long(r, 'reason')) };
      }
      break;
    case 'flag.answered': {
      const hash = hashField(r, 'record');
      if (hash) answer(v.records, hash, short(r, 'flag'));
      break;
    }
    default:
  }
}

/** Takes r for the end of the visit and compares its list with what is held. */
function end(v: Visit, r: Entry, ref: Ref): void {
  v.ended = point(ref);
  v.ended_as = some(short(r, 'outcome'));
  v.listed = undefined;
  v.missing = undefined;
  v.unlisted = undefined;
  const list = hashList(r, 'records');
  if (!list) return;
  v.listed = list.length;
  const absent = new Set(list);
  for (const other of v.records) {
    if (!absent.delete(other.record) && shouldList(v, other)) leftOut(v, other.record);
  }
  v.missing = some([...absent]);
}

/** Reports whether the ended record had to name the other one: it names what its own journal held of the visit before it. */
function shouldList(v: Visit, other: Ref): boolean {
  return other.device === v.ended?.device && other.seq !== undefined && other.seq < (v.ended?.seq ?? 0);
}

function leftOut(v: Visit, hash: Hash): void {
  if (v.unlisted?.includes(hash)) return;
  v.unlisted = [...(v.unlisted ?? []), hash].sort(compareHashes);
}

/** Strikes a record that has come from the missing ones. One that was neither held nor missing is not on the list. */
function check(v: Visit, ref: Ref, held: boolean): void {
  if (!v.ended || v.listed === undefined) return;
  if (v.missing?.includes(ref.record)) v.missing = some(v.missing.filter((h) => h !== ref.record));
  else if (!held && shouldList(v, ref)) leftOut(v, ref.record);
}

/** Computes what follows from the lists. */
function derive(v: Visit): void {
  v.flags = v.records.reduce((n, ref) => n + (ref.flags?.length ?? 0), 0);
  v.planned_end = v.places?.findLast((p) => p.planned_end)?.planned_end;
  v.outcome = v.ended_as;
  for (const c of v.corrections ?? []) {
    const own = v.ended && c.actor === v.ended.actor && root(v.corrections ?? [], c) === v.ended.record;
    if (c.outcome && own) v.outcome = c.outcome;
  }
  v.complete = !!v.ended && v.listed !== undefined && !v.missing && !v.unlisted;
}
