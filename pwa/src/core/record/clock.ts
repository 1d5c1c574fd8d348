import { maxInt } from '../ijson/index.ts';
import type { Flag } from './flag.ts';
import type { Structure } from './structure.ts';

/**
 * What the phone knew about its clock: the server's time minus its own, and how
 * long ago that was measured, both in ms.
 */
export interface Clock {
  offsetMS: number;
  ageMS: number;
}

/** Tolerances of section 2, in ms. */
export const clockTolerance = 5 * 60 * 1000;
/** A record that is received later than this after it was made is flagged late, in ms. */
export const lateAfter = 24 * 60 * 60 * 1000;

/** What the rules of the clock look at. */
export type Timed = Pick<Structure, 'at' | 'boot' | 'mono' | 'clock'>;

/**
 * At by the server's clock as far as the phone knew it, in ms: at plus the
 * measured offset, or at when none was measured. A sum beyond ±(2^53−1), which
 * only a hostile phone makes, is rounded and stays far outside.
 */
export function corrected(s: Pick<Timed, 'at' | 'clock'>): number {
  return s.at + (s.clock?.offsetMS ?? 0);
}

/** The corrected device time minus the server's at receipt, in ms, held within ±(2^53−1). */
export function skewMS(s: Timed, received: number): number {
  return Math.min(Math.max(corrected(s) - received, -maxInt), maxInt);
}

/**
 * Judges the clock of a phone's record: "clock" when the corrected time is more
 * than 5 minutes ahead of the server's, when wall or page time ran backwards
 * since prev within one page load, or when the measured offset moved by more
 * than 5 minutes since prev; "late" when it was received more than 24 h after
 * its corrected time. prev is the record before it in its journal, if any.
 */
export function clockFlags(prev: Timed | undefined, cur: Timed, received: number): Flag[] {
  const flags: Flag[] = [];
  const ahead = corrected(cur) - received > clockTolerance;
  const back = !!prev?.boot && prev.boot === cur.boot && (cur.at < prev.at || cur.mono < prev.mono);
  const jumped = !!prev?.clock && !!cur.clock && Math.abs(prev.clock.offsetMS - cur.clock.offsetMS) > clockTolerance;
  if (ahead || back || jumped) flags.push('clock');
  if (received - corrected(cur) > lateAfter) flags.push('late');
  return flags;
}
