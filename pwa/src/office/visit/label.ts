import { methods } from '../../core/form/index.ts';
import { jp1, photoRole } from '../../core/policy/index.ts';
import { inLanguage } from '../../core/record/index.ts';
import { lang, t, word } from '../words/index.ts';

/** Words for what only a visit speaks of; they come with papers and policy, which the first screen does without. */

const within = (label: { ja: string; en: string }) => inLanguage(label, lang.value);

/** How a paper was signed, in the exact words of docs/form.md. */
export function methodText(code: string): string {
  return code === 'P' || code === 'H' || code === 'O' ? within(methods[code].name) : code;
}

/** What a photo is of, by the role of its blob. One that is on no list is of what the rep gave as his reason. */
export function photoText(role: string, reason = ''): string {
  const found = photoRole(jp1, role);
  if (found?.role.reason) return reason ? t('role.other_because', { reason }) : t('role.other');
  if (found) {
    const name = within(found.role.name);
    return found.page > 0 ? t('role.page', { name, n: found.page }) : name;
  }
  const original = /^original_([1-9][0-9]?)$/.exec(role);
  if (original) return t('role.original', { n: original[1] ?? '' });
  return word(`role.${role}`, role);
}

/** A rule of the conduct policy in its own words. */
export function ruleText(id: string): string {
  const rule = jp1.rules.find((r) => r.id === id);
  return rule ? within(rule.text) : id;
}
