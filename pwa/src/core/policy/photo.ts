import { type Check, type Finding, type PhotoRole, type Policy, ruleOf } from './policy.ts';

/**
 * Judges one captured photo by the role of its blob and the reason that was
 * given ("" for none). Derivatives (blobs whose of names another blob) are not
 * judged. Findings are for the reviewer: the photo is kept.
 */
export function photo(p: Policy, role: string, reason: string): Finding[] {
  const found = photoRole(p, role);
  if (found && (!found.role.reason || !/^\p{White_Space}*$/u.test(reason))) return [];
  const check: Check = found ? 'photo_reason' : 'photo_role';
  const { id, level, text, source } = ruleOf(p, check);
  return [{ rule: id, level, text, source }];
}

/**
 * What the role of a blob stands for: "paper_page_3" is page 3 of the role
 * paper_page. page is 0 for roles without pages. Undefined for no role.
 */
export function photoRole(p: Policy, role: string): { role: PhotoRole; page: number } | undefined {
  for (const r of p.photoRoles) {
    if (!r.paged) {
      if (role === r.code) return { role: r, page: 0 };
      continue;
    }
    const page = role.slice(r.code.length + 1);
    if (role.startsWith(`${r.code}_`) && /^[1-9][0-9]?$/.test(page)) return { role: r, page: Number(page) };
  }
  return undefined;
}
