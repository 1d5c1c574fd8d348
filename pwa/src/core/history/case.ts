import { checkSchema, type ID, type State, schemaOf, states, type Tree } from '../record/index.ts';
import {
  type Attempt,
  attemptOf,
  derive,
  type ItemState,
  type Move,
  moveTo,
  summarise,
  type VisitSummary,
} from './caselife.ts';
import { hashField, idField, idList, raw, short, texts } from './content.ts';
import { type Correction, correctionOf } from './correction.ts';
import { type Disclosure, disclosuresOf } from './disclosure.ts';
import { genuine } from './genuine.ts';
import { answer, type Entry, type Mark, maxRefs, type Overflow, overflow, point, put, type Ref, some } from './ref.ts';
import type { Visit } from './visit.ts';

/**
 * One lent item to recover from one worker (案件), with all that a rep needs on
 * the way. It is the body of the feed's type case.
 */
export interface Case extends Overflow {
  id: ID;
  /** Absent: phones speak of it, the office never opened it. */
  opened?: Mark | undefined;
  /** By field name of case.opened, the latest value of each. */
  facts: { [name: string]: Tree };
  practice?: boolean | undefined;
  assignees: ID[];
  assigned?: Mark | undefined;
  state: State;
  item_state: ItemState;
  attempts: Attempt[];
  visits: VisitSummary[];
  /** By the office. */
  moves?: Move[] | undefined;
  /** Of no visit, attempts left out. */
  records?: Ref[] | undefined;
  corrections?: Correction[] | undefined;
  disclosures?: ID[] | undefined;
  /** Scopes of consent withdrawn: disclosure, geo, photos, all. */
  withdrawn?: string[] | undefined;
  voided?: Mark | undefined;
  merged_into?: ID | undefined;
  /** Cases that were merged into this one. */
  merged?: ID[] | undefined;
  /** On all its records. */
  flags: number;
  /** Ledger index of the record that changed facts last. */
  facts_index: number;
}

/** A case before any record. */
export function newCase(id: ID): Case {
  return {
    id,
    facts: {},
    assignees: [],
    state: 'received',
    item_state: { state: 'on_loan' },
    attempts: [],
    visits: [],
    flags: 0,
    facts_index: -1,
  };
}

/** Nothing more is expected of it (flag case_closed). */
export function isClosed(c: Case): boolean {
  return c.state === 'closed' || c.voided !== undefined;
}

/** Kinds of which a case keeps an account of another form: attempts, and in the disclosure the tallies of its reading. */
const elsewhere = ['contact.logged', 'disclosure.opened', 'disclosure.downloaded'];

/** Moves the case; v is the visit of the record, moved already. Reports whether anything changed. */
export function applyCase(
  c: Case,
  r: Entry,
  ref: Ref,
  v: Visit | undefined,
  disclosure: (id: ID) => Disclosure | undefined,
): boolean {
  let changed = false;
  if (v) changed = summarise(c, v, ref);
  else if (!genuine(r) || !elsewhere.includes(r.kind)) {
    changed = true;
    c.records ??= [];
    if (!put(c.records, ref)) overflow(c, ref.index);
  }
  if (genuine(r) && move(c, r, ref, v, disclosure)) changed = true;
  if (changed) derive(c);
  return changed;
}

function move(
  c: Case,
  r: Entry,
  ref: Ref,
  v: Visit | undefined,
  disclosure: (id: ID) => Disclosure | undefined,
): boolean {
  switch (r.kind) {
    case 'contact.logged':
      if (!put(c.attempts, attemptOf(r, ref))) overflow(c, ref.index);
      return true;
    case 'record.amended':
      if (v) return false; // the visit's
      c.corrections ??= [];
      put(c.corrections, correctionOf(r, ref));
      return true;
    case 'case.opened':
      c.opened ??= point(ref);
      learn(c, r, ref);
      return true;
    case 'case.changed': {
      learn(c, r, ref);
      const to = short(r, 'to');
      const known = states.find((s) => s.code === to);
      if (known) moveTo(c, ref, known.code);
      return true;
    }
    case 'case.assigned': {
      const list = idList(r, 'members');
      if (!list || (c.assigned && ref.index < c.assigned.index)) return true;
      c.assignees = list;
      c.assigned = point(ref);
      return true;
    }
    case 'case.voided':
      if (c.voided && c.voided.record !== ref.record) return true;
      c.voided = point(ref);
      c.merged_into = idField(r, 'merged_into');
      return true;
    case 'flag.answered': {
      const hash = hashField(r, 'record');
      if (!hash) return false;
      answer(c.records ?? [], hash, short(r, 'flag'));
      answer(c.attempts, hash, short(r, 'flag'));
      return true;
    }
    case 'consent.withdrawn':
      for (const scope of texts(r, 'scope', 10)) {
        c.withdrawn ??= [];
        if (!c.withdrawn.includes(scope) && c.withdrawn.length < 10) c.withdrawn.push(scope);
      }
      return true;
    case 'disclosure.prepared':
    case 'disclosure.approved':
    case 'disclosure.acknowledged':
      disclose(c, r, ref, disclosure);
      return true;
    default:
      return false;
  }
}

/** The fields of case.opened are facts. */
const factNames = new Set(schemaOf('case.opened')?.fields.map((slot) => slot.name));

/**
 * Takes over the facts of an office record, but for values that fail its schema.
 * An older record that is applied again cannot undo a newer one.
 */
function learn(c: Case, r: Entry, ref: Ref): void {
  if (ref.index < c.facts_index) return;
  c.facts_index = ref.index;
  const bad = new Set(checkSchema(r).map((f) => f.pointer.replace(/^\/field\//, '')));
  for (const f of r.fields) {
    if (!factNames.has(f.name) || bad.has(f.name)) continue;
    c.facts[f.name] = raw(f.value);
    if (f.name === 'practice') c.practice = some(f.value.bool());
    if (f.name === 'item_state') {
      c.item_state.office = { at: ref.at, state: short(r, 'item_state'), record: ref.record };
    }
  }
}

/** Notes that another case was merged into this one. */
export function absorb(c: Case, other: ID): boolean {
  c.merged ??= [];
  if (c.merged.includes(other) || c.merged.length >= maxRefs) return false;
  c.merged.push(other);
  return true;
}

function disclose(c: Case, r: Entry, ref: Ref, disclosure: (id: ID) => Disclosure | undefined): void {
  let moved = false;
  for (const id of disclosuresOf(r)) {
    const d = disclosure(id);
    if (d?.case !== c.id) continue;
    c.disclosures ??= [];
    if (!c.disclosures.includes(id) && c.disclosures.length < maxRefs) c.disclosures.push(id);
    if (r.kind === 'disclosure.approved' && d.approved?.record === ref.record) moved = true;
    if (r.kind === 'disclosure.acknowledged' && d.acknowledged?.record === ref.record) moved = true;
  }
  if (moved) moveTo(c, ref, r.kind === 'disclosure.approved' ? 'disclosed' : 'acknowledged');
}
