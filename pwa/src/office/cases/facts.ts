import { schemaOf, type Tree } from '../../core/record/index.ts';
import type { Facts } from '../api.ts';

/** How a fact is asked for. */
export type Ask = 'line' | 'text' | 'date' | 'count' | 'point' | 'language' | 'item_state' | 'yes';

/** The facts of a case in the order and the groups of the form; names are those of case.opened. */
export const groups: readonly {
  title: 'case' | 'worker' | 'client' | 'item' | 'address';
  facts: readonly [string, Ask][];
}[] = [
  {
    title: 'case',
    facts: [
      ['number', 'line'],
      ['title', 'line'],
      ['due_on', 'date'],
      ['practice', 'yes'],
    ],
  },
  {
    title: 'worker',
    facts: [
      ['worker_name', 'line'],
      ['worker_kana', 'line'],
      ['worker_staff_no', 'line'],
      ['worker_phone', 'line'],
      ['worker_mail', 'line'],
      ['worker_language', 'language'],
    ],
  },
  {
    title: 'client',
    facts: [
      ['client', 'line'],
      ['client_contact', 'line'],
      ['assignment', 'line'],
      ['contract_end', 'date'],
    ],
  },
  {
    title: 'item',
    facts: [
      ['item', 'line'],
      ['item_kind', 'line'],
      ['item_number', 'line'],
      ['item_printed_no', 'line'],
      ['item_count', 'count'],
      ['item_lent_on', 'date'],
      ['item_accessories', 'line'],
      ['item_state', 'item_state'],
    ],
  },
  {
    title: 'address',
    facts: [
      ['address', 'line'],
      ['address_point', 'point'],
      ['note', 'text'],
    ],
  },
];

/** How each fact is asked for, by its name. */
export const asks: ReadonlyMap<string, Ask> = new Map(groups.flatMap((g) => g.facts));

/** Facts that a case must have. */
export const required: ReadonlySet<string> = new Set(
  schemaOf('case.opened')?.fields.flatMap((slot) => (slot.required ? [slot.name] : [])),
);

/** What was typed, by name; "" is nothing. */
export type Typed = Readonly<Record<string, string>>;

/** What is wrong with a typed fact. */
export type Wrong = 'required' | 'number' | 'point' | 'long';

/** A fact as it stands in its input. */
export function typedOf(v: Tree | undefined): string {
  if (v === undefined || v === null) return '';
  if (typeof v !== 'object') return String(v);
  if (Array.isArray(v)) return '';
  return typeof v.lat === 'number' && typeof v.lng === 'number' ? `${v.lat / 1e7}, ${v.lng / 1e7}` : '';
}

/** Reads what was typed; undefined for nothing. Full-width digits are digits. */
export function readFact(ask: Ask, text: string): Tree | undefined | Fault {
  const s = text.trim();
  if (s === '') return undefined;
  switch (ask) {
    case 'count': {
      const n = Number(s.normalize('NFKC'));
      return Number.isInteger(n) && n >= 1 && n <= 999 ? n : wrong('number');
    }
    case 'point':
      return pointOf(s) ?? wrong('point');
    case 'yes':
      return s === 'true';
    default:
      return s;
  }
}

/** A fault in place of a value. */
export interface Fault {
  wrong: Wrong;
}

const wrong = (w: Wrong): Fault => ({ wrong: w });

export function isWrong(v: Tree | undefined | Fault): v is Fault {
  return v !== null && typeof v === 'object' && !Array.isArray(v) && 'wrong' in v;
}

/** Latitude and longitude in degrees, as maps and people write them. */
function pointOf(s: string): Tree | undefined {
  const m = /^\s*([+-]?\d{1,2}(?:\.\d+)?)\s*[°,、\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*$/.exec(s.normalize('NFKC'));
  const [lat, lng] = [Number(m?.[1]), Number(m?.[2])];
  if (!m || Math.abs(lat) > 90 || Math.abs(lng) > 180) return undefined;
  return { lat: Math.round(lat * 1e7), lng: Math.round(lng * 1e7) };
}

const longest: Record<string, number> = { address: 500, note: 4000 };

/** The most characters that a fact may have. */
export function maxOf(name: string): number {
  return longest[name] ?? 200;
}

/** Reads a whole form: the facts that were filled in, and what is wrong. */
export function factsOf(typed: Typed): { facts: Facts; wrong: Record<string, Wrong> } {
  const facts: Facts = {};
  const faults: Record<string, Wrong> = {};
  for (const [name, ask] of asks) {
    const text = typed[name] ?? '';
    const v = readFact(ask, text);
    if (isWrong(v)) faults[name] = v.wrong;
    else if ([...text].length > maxOf(name)) faults[name] = 'long';
    else if (v === undefined || (ask === 'yes' && v === false)) {
      if (required.has(name)) faults[name] = 'required';
    } else facts[name] = v;
  }
  return { facts, wrong: faults };
}

/** What a changed form changes. A fact cannot be emptied: the records have no word for that. */
export function changed(before: Facts, typed: Typed): Facts {
  const out: Facts = {};
  for (const [name, ask] of asks) {
    const text = (typed[name] ?? '').trim();
    if (text === typedOf(before[name])) continue;
    const v = readFact(ask, text);
    if (v !== undefined && !isWrong(v)) out[name] = v;
  }
  return out;
}
