import { field, type Hash, type ID, int, text } from '../record/index.ts';
import { hashList, idField, idList, shorten } from './content.ts';
import { type Entry, type Mark, point, type Ref, some } from './ref.ts';

/** The handing of one issued document to one recipient (提供). */
export interface Disclosure {
  id: ID;
  case?: ID | undefined;
  state: 'prepared' | 'approved' | 'refused' | 'acknowledged' | 'revoked';
  documents?: Hash[] | undefined;
  recipient?: Recipient | undefined;
  prepared?: Mark | undefined;
  approved?: Mark | undefined;
  refused?: Mark | undefined;
  /** ms */
  expires_at?: number | undefined;
  /** How many may be opened. */
  sessions?: number | undefined;
  opened?: Tally | undefined;
  downloaded?: Tally | undefined;
  asked?: Tally | undefined;
  acknowledged?: Mark | undefined;
  revoked?: Mark | undefined;
}

/** Who receives it. */
export interface Recipient {
  name: string;
  organisation: string;
  department?: string | undefined;
  mail?: string | undefined;
}

/** Counts records of one kind. */
export interface Tally {
  count: number;
  /** ms */
  first_at: number;
  last_at: number;
  /** So that none counts twice. */
  last_index: number;
}

/** A disclosure before any record. */
export function newDisclosure(id: ID): Disclosure {
  return { id, state: 'prepared' };
}

/** The disclosures that an office record speaks of. */
export function disclosuresOf(r: Entry): ID[] {
  if (r.kind === 'disclosure.approved') return idList(r, 'disclosures') ?? [];
  return [idField(r, 'disclosure')].flatMap((id) => id ?? []);
}

/** Moves a disclosure. Another case's record has no say here. */
export function applyDisclosure(d: Disclosure, r: Entry, ref: Ref): boolean {
  d.case ??= some(r.case);
  if ((d.case ?? '') !== r.case) return false;
  switch (r.kind) {
    case 'disclosure.prepared':
      prepare(d, r, ref);
      break;
    case 'disclosure.approved':
      decide(d, r, ref);
      break;
    case 'disclosure.opened':
      d.opened = add(d.opened, ref);
      break;
    case 'disclosure.downloaded':
      d.downloaded = add(d.downloaded, ref);
      break;
    case 'disclosure.asked':
      d.asked = add(d.asked, ref);
      break;
    case 'disclosure.acknowledged':
      d.acknowledged = once(d.acknowledged, ref);
      break;
    case 'disclosure.revoked':
      d.revoked = once(d.revoked, ref);
      break;
    default:
      return false;
  }
  for (const state of ['refused', 'approved', 'acknowledged', 'revoked'] as const) if (d[state]) d.state = state;
  return true;
}

function add(t: Tally | undefined, ref: Ref): Tally {
  if (t && ref.index <= t.last_index) return t;
  return { count: (t?.count ?? 0) + 1, first_at: t?.first_at ?? ref.at, last_at: ref.at, last_index: ref.index };
}

/** A disclosure is prepared once; another is another disclosure. */
function prepare(d: Disclosure, r: Entry, ref: Ref): void {
  if (d.prepared && d.prepared.record !== ref.record) return;
  d.prepared = point(ref);
  d.documents = some(hashList(r, 'documents'));
  d.expires_at = some(int(r, 'expires_at'));
  d.sessions = some(int(r, 'sessions'));
  const v = field(r, 'recipient');
  if (v.kind === 'absent') return;
  const word = (name: string) => shorten(v.get(name).text() ?? '');
  d.recipient = {
    name: word('name'),
    organisation: word('organisation'),
    department: some(word('department')),
    mail: some(word('mail')),
  };
}

/**
 * Takes the first decision, after the preparation, of somebody other than the
 * maker: four eyes hold in the fold too, whatever a server let through.
 */
function decide(d: Disclosure, r: Entry, ref: Ref): void {
  if (!d.prepared || d.prepared.actor === ref.actor || ref.index <= d.prepared.index) return;
  const decision = text(r, 'decision');
  if (decision === 'approved' && !d.refused) d.approved = once(d.approved, ref);
  if (decision === 'refused' && !d.approved) d.refused = once(d.refused, ref);
}

/** A mark that nothing has set before. */
function once(m: Mark | undefined, ref: Ref): Mark {
  return m && m.record !== ref.record ? m : point(ref);
}
