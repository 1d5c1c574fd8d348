import type { Hash } from '../record/index.ts';
import { hashField, short } from './content.ts';
import { type Entry, type Mark, point, type Ref, some } from './ref.ts';

/**
 * The office's word on a text that could not be taken as a record. The phone that
 * pushed it waits for this before it lets go of it.
 */
export interface Quarantine {
  /** Of the pushed text, hex. */
  sha256: string;
  decision: '' | 'released' | 'rejected';
  /** What it became when released. */
  record?: Hash | undefined;
  reason?: string | undefined;
  decided?: Mark | undefined;
}

/**
 * Takes the first decision; a rejected text may still be released later, never
 * the other way round, since a released one is in the ledger.
 */
export function applyQuarantine(q: Quarantine, r: Entry, ref: Ref): boolean {
  const released = r.kind === 'quarantine.released';
  const another = q.decided && q.decided.record !== ref.record;
  if (another && (q.decision === 'released' || !released)) return false;
  q.decided = point(ref);
  q.reason = some(short(r, 'reason'));
  q.decision = released ? 'released' : 'rejected';
  q.record = released ? hashField(r, 'hash') : undefined;
  return true;
}
