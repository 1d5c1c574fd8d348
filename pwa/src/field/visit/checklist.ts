import type { HeldRecord } from '../../engine/index.ts';

/** Something that a visit with this outcome should hold. */
export type Wanted =
  | 'paper' // the declaration, or why not: declined, or read back
  | 'receipt'
  | 'item_photos'
  | 'identity'
  | 'absence_note'
  | 'note'
  | 'read_back';

/** One line of the checklist. */
export interface Line {
  wanted: Wanted;
  done: boolean;
}

const wants: Record<string, readonly Wanted[]> = {
  returned: ['receipt', 'item_photos', 'identity'],
  discarded_claimed: ['paper', 'identity'],
  lost_claimed: ['paper', 'identity'],
  met_only: ['note', 'identity'],
  absent: ['absence_note'],
  refused: ['note'],
  asked_to_leave: [],
  moved: ['note'],
  disputed: ['note'],
  unsafe_unknown: ['note'],
};

/** Says what a visit with this outcome should hold and what it does hold. It warns and never holds back: what has happened is saved. */
export function checklist(outcome: string, records: readonly HeldRecord[]): Line[] {
  return (wants[outcome] ?? []).map((wanted) => ({ wanted, done: has[wanted](records, outcome) }));
}

const papers: Record<string, string> = { discarded_claimed: 'disposal_declaration', lost_claimed: 'loss_report' };

type Test = (records: readonly HeldRecord[], outcome: string) => boolean;

const kind =
  (...kinds: string[]): Test =>
  (records) =>
    records.some((r) => kinds.includes(r.kind));

const has: Record<Wanted, Test> = {
  paper: (records, outcome) =>
    records.some(
      (r) => (r.kind === 'declaration.signed' || r.kind === 'declaration.declined') && isPaper(r, papers[outcome]),
    ) || kind('hearing.read_back')(records, outcome),
  receipt: kind('item.received'),
  item_photos: (records) => {
    const roles = new Set(records.flatMap((r) => r.blobs.map((b) => b.role)));
    return roles.has('badge_pieces') || (roles.has('badge_front') && roles.has('badge_back'));
  },
  identity: (records) =>
    records.some(
      // A declaration itself says how identity was checked; what the one who returned an item signs does not.
      (r) => r.kind === 'identity.checked' || (r.kind === 'declaration.signed' && templateOf(r) !== 'return_receipt'),
    ),
  absence_note: hasNoteAtDoor,
  note: kind('note.written', 'hearing.read_back'),
  read_back: kind('hearing.read_back'),
};

/** A 不在票 was left: its photo is in a record. */
export function hasNoteAtDoor(records: readonly HeldRecord[]): boolean {
  return records.some((r) => r.blobs.some((b) => b.role === 'absence_note'));
}

/** Which paper a record is of; "" for none, and where its content was let go of. */
export function templateOf(r: HeldRecord): string {
  const shown = (r.fields.presentation ?? r.fields.template) as { template?: string; id?: string } | null | undefined;
  return shown?.template ?? shown?.id ?? '';
}

/** The record is of that paper; one whose content was let go of is taken for it. */
function isPaper(r: HeldRecord, template: string | undefined): boolean {
  const id = templateOf(r);
  return template === undefined || id === '' || id === template;
}

/** The outcome that the records speak for, as a first choice; the rep decides. */
export function likelyOutcome(records: readonly HeldRecord[]): string {
  const last = (...kinds: string[]) => records.findLast((r) => kinds.includes(r.kind));
  if (last('item.received')) return 'returned';
  const paper = last('declaration.signed', 'declaration.declined');
  if (paper && isPaper(paper, 'loss_report') && !isPaper(paper, 'disposal_declaration')) return 'lost_claimed';
  if (paper && paper.kind === 'declaration.signed') return 'discarded_claimed';
  if (hasNoteAtDoor(records)) return 'absent';
  return '';
}
