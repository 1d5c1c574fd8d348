import type { Case } from '../../core/history/index.ts';
import type { HeldRecord } from '../../engine/index.ts';
import { formatDate } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import type { Own } from './conduct.ts';

/** A fact of a case as a text, "" when the office has not said it. */
export function fact(c: Case | undefined, name: string): string {
  const v = c?.facts[name];
  return typeof v === 'string' ? v : typeof v === 'number' ? String(v) : '';
}

/** A date of a case as one reads it: 2026年11月13日; what is no date stays as it is. */
export function dayOf(date: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00+09:00`) : Number.NaN;
  return Number.isNaN(at) ? date : formatDate(at);
}

/** The worker, and 様 where that is how one speaks of him. */
export function workerOf(c: Case | undefined): string {
  return fact(c, 'worker_name');
}

/** A field of an own record as a text. */
export function said(r: HeldRecord, name: string): string {
  const v = r.fields[name];
  return typeof v === 'string' ? v : '';
}

/** When a try to reach the worker was, as the rep says; when he wrote it down, where he does not. */
export function occurredOf(r: HeldRecord): number {
  return typeof r.fields.occurred_at === 'number' ? r.fields.occurred_at : r.at;
}

/** The tries to reach the worker that this phone has sealed, in a visit or outside one. */
export async function contactsOf(caseID: string): Promise<HeldRecord[]> {
  const app = phone();
  const mine = app.visits.peek().filter((v) => v.case === caseID);
  const all = await Promise.all([app.recordsOf(caseID), ...mine.map((v) => app.visit(v.visit))]);
  return all.flat().filter((r) => r.kind === 'contact.logged');
}

/** What this phone itself has sealed for a case: what the office may not know yet. */
export async function ownOf(caseID: string): Promise<Own> {
  const app = phone();
  const contacts = await contactsOf(caseID);
  const mine = app.visits.peek().filter((v) => v.case === caseID);
  const visits = await Promise.all(
    mine.map(async (v) => {
      const records = v.endedAt ? await app.visit(v.visit) : [];
      const end = records.findLast((r) => r.kind === 'visit.ended');
      const amended = records.findLast((r) => end && r.amends === end.hash && said(r, 'outcome') !== '');
      return { visit: v.visit, startedAt: v.startedAt, outcome: end ? said(amended ?? end, 'outcome') : '' };
    }),
  );
  return {
    contacts: contacts.map((r) => ({
      hash: r.hash,
      at: r.at,
      occurred: occurredOf(r),
      channel: said(r, 'channel'),
      result: said(r, 'result'),
    })),
    visits,
  };
}
