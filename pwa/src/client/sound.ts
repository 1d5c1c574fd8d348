import type { Claim } from './claim.ts';
import type { Paper } from './paper.ts';
import type { Report } from './verify.ts';

/** What must hold of a record before anything of it is shown. */
const needed = ['signature', 'fields', 'text', 'device', 'office'] as const;

/** isSound reports whether a record may be shown: nothing was found against it, and its seal could be judged. */
export function isSound(claims: readonly Claim[], at: number): boolean {
  const found = claims.filter((c) => needed.some((id) => id === c.id)).flatMap((c) => c.findings);
  return found.every((f) => f.at !== at && f.fault !== 'needs_keys');
}

/** soundPapers are the papers that the page shows. */
export function soundPapers(report: Report): Paper[] {
  return report.papers.filter((p) => isSound(report.claims, p.at));
}
