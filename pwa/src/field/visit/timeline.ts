import { channels, contactResults, type ID, inLanguage, labelOf, outcomes } from '../../core/record/index.ts';
import type { HeldRecord, ItemState } from '../../engine/index.ts';
import { shownOf } from '../photo/shown.ts';
import { templateOf } from './checklist.ts';
import { places } from './places.ts';

/** One thing that happened in a visit. */
export interface Entry {
  hash: string;
  at: number;
  kind: string;
  /** Of a declaration: which paper; "" otherwise. */
  paper: string;
  /** What it says, in a line or two; "" where the kind says all. */
  detail: string;
  /** What was photographed: the digest of a picture that can be shown, "" where none can. */
  photos: { role: string; shown: string }[];
  state: ItemState;
  /** Corrected by a later record. */
  amended: boolean;
  /** Position: accuracy in metres, or why there is none. */
  place: { accuracy: number } | { missing: string } | undefined;
}

type Named = readonly { code: string; ja: string; en: string }[];

/** The acts of a visit in the order of the journal, as its records tell them. */
export function timeline(records: readonly HeldRecord[], lang: string): Entry[] {
  const amended = new Set(records.map((r) => r.amends).filter(Boolean));
  return records.map((r) => ({
    hash: r.hash,
    at: r.at,
    kind: r.kind,
    paper: r.kind.startsWith('declaration.') ? templateOf(r) : '',
    detail: detail(r, lang),
    photos: photos(r),
    state: whole(r),
    amended: amended.has(r.hash),
    place: placeOf(r),
  }));
}

/** A record is with the server when all of it is, its photos too. */
export function whole(r: Pick<HeldRecord, 'state' | 'blobs'>): ItemState {
  const all = [r.state, ...r.blobs.map((b) => b.state)];
  if (all.includes('attention')) return 'attention';
  if (all.every((s) => s === 'received')) return 'received';
  return all.includes('sending') ? 'sending' : 'waiting';
}

/** What a record says of its position. */
export function placeOf(r: HeldRecord): Entry['place'] {
  const geo = r.fields.geo as { accuracy_m?: number } | null | undefined;
  if (geo && typeof geo.accuracy_m === 'number') return { accuracy: geo.accuracy_m };
  const missing = text(r, 'geo_missing');
  return missing ? { missing } : undefined;
}

function text(r: HeldRecord, name: string): string {
  const v = r.fields[name];
  return typeof v === 'string' ? v : '';
}

function named(r: HeldRecord, name: string, list: Named, lang: string): string {
  const code = text(r, name);
  return code ? inLanguage(labelOf(list, code), lang) : '';
}

function detail(r: HeldRecord, lang: string): string {
  const join = (...parts: string[]) => parts.filter(Boolean).join(lang === 'en' ? ', ' : '・');
  switch (r.kind) {
    case 'visit.started':
    case 'place.changed':
      return join(named(r, 'place', places, lang), text(r, 'place_name'));
    case 'contact.logged':
      return join(named(r, 'channel', channels, lang), named(r, 'result', contactResults, lang), text(r, 'note'));
    case 'visit.ended':
      return join(named(r, 'outcome', outcomes, lang), text(r, 'note'));
    case 'note.written':
    case 'photo.captured':
      return text(r, 'note');
    case 'hearing.read_back':
      return text(r, 'text');
    case 'policy.explained':
      return text(r, 'explanation');
    case 'declaration.declined':
      return text(r, 'reason');
    case 'item.received':
      return join(text(r, 'item'), text(r, 'item_number'));
    case 'record.amended':
      return join(named(r, 'outcome', outcomes, lang), text(r, 'note'), text(r, 'reason'));
    default:
      return text(r, 'note');
  }
}

/** Each original once, with the picture that this phone can show for it. */
function photos(r: HeldRecord): Entry['photos'] {
  return r.blobs.filter((b) => b.of === '').map((b) => ({ role: b.role, shown: shownOf(r, b) }));
}

/** What the visit looks like from outside: since when, where, and whether the office watches. */
export interface Standing {
  case: ID;
  startedAt: number;
  endedAt: number | undefined;
  plannedEnd: number | undefined;
  place: string;
  outcome: string;
  /** Start and planned end are with the server, so a visit that does not end by then is noticed. */
  watched: boolean;
  lastAt: number;
}

/** Reads the standing of a visit out of its records; undefined for none. */
export function standing(records: readonly HeldRecord[]): Standing | undefined {
  const start = records.find((r) => r.kind === 'visit.started');
  const first = start ?? records[0];
  if (!first) return undefined;
  const end = records.findLast((r) => r.kind === 'visit.ended');
  const moved = records.findLast((r) => r.kind === 'visit.started' || r.kind === 'place.changed');
  const plan = records.findLast((r) => typeof r.fields.planned_end === 'number');
  const planned = plan?.fields.planned_end;
  const amended = records.findLast(
    (r) => r.kind === 'record.amended' && end && r.amends === end.hash && text(r, 'outcome'),
  );
  return {
    case: first.case,
    startedAt: first.at,
    endedAt: end?.at,
    plannedEnd: typeof planned === 'number' ? planned : undefined,
    place: moved ? text(moved, 'place') : '',
    outcome: amended ? text(amended, 'outcome') : end ? text(end, 'outcome') : '',
    watched: start?.state === 'received' && (plan ?? start).state === 'received',
    lastAt: records.at(-1)?.at ?? first.at,
  };
}

/** Who accompanied the rep, as the start of the visit says: names, as papers write them; "" for nobody. */
export function companionsOf(records: readonly HeldRecord[]): string {
  const said = records.find((r) => r.kind === 'visit.started')?.fields.companions;
  if (!Array.isArray(said)) return '';
  const names = said.map((one) => (one as { name?: unknown } | null)?.name);
  return names.filter((name) => typeof name === 'string').join('、');
}
