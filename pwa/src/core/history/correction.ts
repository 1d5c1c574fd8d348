import { type Hash, int } from '../record/index.ts';
import { short } from './content.ts';
import { type Entry, type Mark, point, type Ref, some } from './ref.ts';

/**
 * A record.amended: it says anew what an older record said. The older one stays
 * as it is; a screen shows both. Only its own author's corrections count for what
 * a state derives; the others are listed.
 */
export interface Correction extends Mark {
  amends?: Hash | undefined;
  channel?: string | undefined;
  result?: string | undefined;
  /** ms */
  occurred_at?: number | undefined;
  place?: string | undefined;
  outcome?: string | undefined;
}

/** What a record.amended corrects. */
export function correctionOf(r: Entry, ref: Ref): Correction {
  const code = (name: string) => some(short(r, name));
  return {
    ...point(ref),
    amends: ref.amends,
    channel: code('channel'),
    result: code('result'),
    occurred_at: some(int(r, 'occurred_at')),
    place: code('place'),
    outcome: code('outcome'),
  };
}

/**
 * Follows a correction of a correction to the record that is meant. A hash cannot
 * be in a circle; the bound is for states that were tampered with.
 */
export function root(list: readonly Correction[], c: Correction): Hash | undefined {
  let target = c.amends;
  for (let n = 0; n < list.length; n++) {
    const next = list.find((other) => other.record === target);
    if (!next) break;
    target = next.amends;
  }
  return target;
}
