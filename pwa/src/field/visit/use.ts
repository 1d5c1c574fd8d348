import type { Case } from '../../core/history/index.ts';
import type { HeldRecord } from '../../engine/index.ts';
import { phone } from '../phone.ts';
import { useOwn } from '../use.ts';
import { type Standing, standing } from './timeline.ts';

/** A visit of this phone, with its case; records are undefined until they are read. */
export interface Held {
  visit: string;
  caseID: string;
  case: Case | undefined;
  records: HeldRecord[] | undefined;
  standing: Standing | undefined;
}

/** The visit has ended: no paper of it is signed any more, and no position is measured. */
export const isOver = (v: Held) => v.standing?.endedAt !== undefined;

/** Reads a visit of this phone, again whenever it grows. */
export function useVisit(visitID: string): Held {
  const app = phone();
  const records = useOwn(() => app.visit(visitID), visitID);
  const own = app.visits.value.find((v) => v.visit === visitID);
  const caseID = own?.case ?? records?.[0]?.case ?? '';
  return {
    visit: visitID,
    caseID,
    case: app.cases.list.value.find((c) => c.id === caseID),
    records,
    standing: records ? standing(records) : undefined,
  };
}
