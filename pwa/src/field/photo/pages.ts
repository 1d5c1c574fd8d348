import type { HeldRecord } from '../../engine/index.ts';

/** The most pages that a paper may have. */
export const maxPage = 99;

/** The page that comes after those that were photographed: who leaves the screen and comes back goes on counting. */
export function nextPage(records: readonly Pick<HeldRecord, 'blobs'>[], role: string): number {
  const pages = records
    .flatMap((r) => r.blobs)
    .filter((b) => b.role.startsWith(`${role}_`))
    .map((b) => Number(b.role.slice(role.length + 1)));
  return Math.min(maxPage, Math.max(0, ...pages) + 1);
}
