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

/** What this phone itself has sealed for a case: what the office may not know yet. */
export async function ownOf(caseID: string): Promise<Own> {
  const app = phone();
  const loose = await app.recordsOf(caseID);
  const visits = await Promise.all(
    app.visits
      .peek()
      .filter((v) => v.case === caseID)
      .map(async (v) => {
        const records = v.endedAt === undefined ? [] : await app.visit(v.visit);
        const end = records.findLast((r) => r.kind === 'visit.ended');
        const contacts = records.filter((r) => r.kind === 'contact.logged');
        return { visit: v.visit, startedAt: v.startedAt, outcome: end ? said(end, 'outcome') : '', contacts };
      }),
  );
  const logged = [...loose, ...visits.flatMap((v) => v.contacts)].filter((r) => r.kind === 'contact.logged');
  return { contacts: logged.map((r) => ({ hash: r.hash, at: r.at, result: said(r, 'result') })), visits };
}
