import { channels, contactResults, inLanguage, labelOf, outcomes, roles, states } from '../core/record/index.ts';
import { formatDuration } from '../ui/date.ts';
import { lang, t, word } from './words/index.ts';

/** Codes in words, in the language of the screen. A code that is not known stays itself. */

const within = (label: { ja: string; en: string }) => inLanguage(label, lang.value);

export const outcomeText = (code: string) => within(labelOf(outcomes, code));
export const channelText = (code: string) => within(labelOf(channels, code));
export const resultText = (code: string) => within(labelOf(contactResults, code));
/** voided is no state of the fold, and a place in the list of cases all the same. */
export const stateText = (code: string) => (code === 'voided' ? t('cases.voided') : within(labelOf(states, code)));
export const roleText = (code: string) => within(labelOf(roles, code));
export const kindText = (kind: string) => word(`kind.${kind}`, t('kind.other'));
export const flagText = (flag: string) => word(`flag.${flag}`, t('flag.other'));
export const itemStateText = (code: string) => word(`item_state.${code}`, code);
export const decisionText = (code: string) => word(`decision.${code}`, code);

/** How long ago something was. */
export function agoText(at: number, now: number): string {
  return now - at < 60_000 ? t('ago_now') : t('ago', { span: formatDuration(now - at) });
}

/** Several things in one line. */
export function listed(parts: readonly string[]): string {
  return parts.join(t('list_and'));
}
