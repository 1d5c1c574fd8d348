import type { ID } from '../../core/record/index.ts';
import { phone } from '../phone.ts';

/** Why the visit was begun in spite of a rule: sealed right after the start, and kept as a draft until it is. */
export interface Explanation {
  rule: string;
  explanation: string;
}

const key = (visit: ID) => `explain/${visit}`;

/** Keeps the explanations before the visit begins, so that none is lost between two records. */
export async function keepExplanations(visit: ID, list: readonly Explanation[]): Promise<void> {
  if (list.length > 0) await phone().drafts.put(key(visit), list);
}

/** Seals what was kept; a page that was killed in between comes back here. */
export async function sealExplanations(caseID: ID, visit: ID): Promise<void> {
  const app = phone();
  const list = (await app.drafts.get<Explanation[]>(key(visit))) ?? [];
  if (list.length === 0) return;
  const done = new Set((await app.visit(visit)).filter((r) => r.kind === 'policy.explained').map((r) => r.fields.rule));
  const open = list.filter((e) => !done.has(e.rule));
  for (const e of open) {
    await app.seal({
      kind: 'policy.explained',
      case: caseID,
      visit,
      fields: [
        ['rule', e.rule],
        ['explanation', e.explanation],
      ],
      consumes: e === open.at(-1) ? [key(visit)] : [],
    });
  }
  if (open.length === 0) await app.drafts.delete(key(visit));
}
