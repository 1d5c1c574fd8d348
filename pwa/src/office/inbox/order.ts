import type { InboxVisit } from '../api.ts';

/** The path of a visit's page. */
export function visitPath(v: { case: string; visit: string }): string {
  return `/office/cases/${v.case}/visits/${v.visit}`;
}

/** What a visit waits for: somebody's safety, the reviewer, or its own records. */
export type Group = 'late' | 'complete' | 'pending';

export function groupOf(v: InboxVisit): Group {
  if (v.late) return 'late';
  return v.complete ? 'complete' : 'pending';
}

/** The visits in the order of the screen: the overdue first, for they may be about a person's safety, then what can be decided, each newest first. */
export function ordered(visits: readonly InboxVisit[]): InboxVisit[] {
  const rank: Record<Group, number> = { late: 0, complete: 1, pending: 2 };
  const at = (v: InboxVisit) => v.ended_at ?? v.started_at;
  return [...visits].sort(
    (a, b) => rank[groupOf(a)] - rank[groupOf(b)] || at(b) - at(a) || (a.visit < b.visit ? -1 : 1),
  );
}

/** The neighbour of a visit in the order of the screen; from one that is not in the list, the first or the last. */
export function neighbour(list: readonly InboxVisit[], visit: string, step: 1 | -1): InboxVisit | undefined {
  const i = list.findIndex((v) => v.visit === visit);
  if (i < 0) return step > 0 ? list[0] : list.at(-1);
  return list[i + step];
}
