import type { Known } from './conduct.ts';

/** The steps from the gentlest way to the last one, each with the channels that it takes. */
const steps = [
  { step: 'phone', channels: ['phone'] },
  { step: 'message', channels: ['sms', 'mail', 'line'] },
  { step: 'letter', channels: ['post', 'certified_mail'] },
] as const;

/** One step of the ladder: how often it was tried, and when last. */
export interface Rung {
  step: 'phone' | 'message' | 'letter' | 'visit';
  tries: number;
  /** Device or server clock, ms; undefined for a step that was not tried. */
  last: number | undefined;
}

/** The ladder of a case: what has been tried so far, the gentler ways before the visit. */
export function ladder(k: Known): Rung[] {
  const rung = (step: Rung['step'], at: readonly number[]): Rung => ({
    step,
    tries: at.length,
    last: at.length > 0 ? Math.max(...at) : undefined,
  });
  return [
    ...steps.map(({ step, channels }) =>
      rung(
        step,
        k.contacts.filter((a) => (channels as readonly string[]).includes(a.channel)).map((a) => a.occurred),
      ),
    ),
    rung(
      'visit',
      k.visits.map((v) => v.from),
    ),
  ];
}

/** So many attempts are still to come before a first visit, by the rule of that limit; 0 once somebody has been there. */
export function stillToTry(k: Known, limit: number): number {
  return k.visits.length > 0 ? 0 : Math.max(0, limit - k.contacts.length);
}
