import { formatDuration, formatTime } from '../ui/index.ts';
import { Refused } from './api.ts';
import { t } from './words/index.ts';

const worded = [
  'link_passcode',
  'link_paused',
  'link_locked',
  'link_expired',
  'link_revoked',
  'link_used_up',
  'consent_missing',
  'ledger_red',
  'evidence_damaged',
  'unavailable',
  'rate_limited',
  'network',
] as const;

/** inWords says what went wrong and what to do about it. now is the device's time, for the end of a pause. */
export function inWords(fault: unknown, now: number): string {
  if (!(fault instanceof Refused)) return t('e_unreadable');
  if (isOver(fault)) return t('e_session');
  const code = worded.find((one) => one === fault.code);
  if (code === undefined) return t('e_other', { code: fault.code });
  const wait = Math.max(fault.retryAfter, 1000);
  return t(`e_${code}`, { wait: formatDuration(wait), time: formatTime(now + wait) });
}

/** isOver reports whether the bearer token is too old, so that only the passcode helps. */
export function isOver(fault: unknown): boolean {
  return fault instanceof Refused && (fault.code === 'session_required' || fault.code === 'unauthorized');
}
