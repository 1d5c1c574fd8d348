import type { HeldRecord } from '../../engine/index.ts';
import { phone } from '../phone.ts';
import { placeFields } from '../place/fixes.ts';
import { pointOf } from '../place/match.ts';
import { startSampling } from '../place/sampler.ts';
import { hasNoteAtDoor } from './checklist.ts';
import { absenceKey, endKey } from './drafts.ts';
import type { Held } from './use.ts';

/** What is chosen and written before a visit is ended. */
export interface Ending {
  outcome: string;
  note: string;
  next: string;
}

/** The drafts that a visit is done with when it ends: its own, and the words of a 不在票 when its photo has made a record of them. */
export function spent(visit: string, records: readonly HeldRecord[]): string[] {
  return hasNoteAtDoor(records) ? [endKey(visit), absenceKey(visit)] : [endKey(visit)];
}

/** A position is waited for no longer than this: the rep is to go. */
const patience = 1200;

/** 退去要求: ends the visit at once and keeps that it was asked for. */
export async function leaveAtOnce(v: Held): Promise<void> {
  const app = phone();
  const sampler = startSampling(() => app.now());
  const sample = await sampler.settle(patience);
  sampler.stop();
  const records = await app.visit(v.visit);
  const fields: [string, unknown][] = [
    ...placeFields(sample, app.now(), pointOf(v.case?.facts.address_point)),
    ['outcome', 'asked_to_leave'],
  ]; // which records it ends, the seal says: a photo may be on its way into one
  // What was written for a quieter end is kept with this one; whatever is wrong with it holds up nobody who has to go.
  let isRead = true;
  const kept = await app.drafts.get<Ending>(endKey(v.visit)).catch(() => {
    isRead = false;
    return undefined;
  });
  if (kept?.note.trim()) fields.push(['note', kept.note.trim()]);
  if (kept?.next.trim()) fields.push(['next', kept.next.trim()]);
  await app.seal({
    kind: 'visit.ended',
    case: v.caseID,
    visit: v.visit,
    fields,
    consumes: isRead ? spent(v.visit, records) : [],
  });
}
