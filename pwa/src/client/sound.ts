import type { Claim } from './claim.ts';
import type { Paper } from './paper.ts';
import type { Report } from './verify.ts';

/** What must hold of a record before anything of it is shown. */
const needed = ['signature', 'fields', 'text', 'device'] as const;

/** isSound reports whether a record may be shown: nothing was found against it, and its seal could be judged. */
export function isSound(claims: readonly Claim[], at: number): boolean {
  return needed.every((id) => {
    const found = claims.find((c) => c.id === id)?.findings;
    return found?.every((f) => f.at !== at && (f.at !== undefined || f.status === 'differs' || id !== 'device'));
  });
}

/** soundPapers are the papers that the page shows. */
export function soundPapers(report: Report): Paper[] {
  return report.papers.filter((p) => isSound(report.claims, p.at));
}
