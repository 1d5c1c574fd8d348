import type { Device } from '../api.ts';

/** The records that a phone is known to have made and that have not arrived, by their running numbers. */
export function gapOf(d: Pick<Device, 'head' | 'made'>): { from: number; to: number } | undefined {
  return d.made !== undefined && d.made > d.head ? { from: d.head + 1, to: d.made } : undefined;
}
