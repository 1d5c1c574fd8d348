import type { Tree } from '../../core/record/index.ts';
import { type PlaceMatch, type Point, placeMatch } from './match.ts';

/** One answer of the receiver, times on the device clock. */
export interface Fix extends Point {
  accuracy_m: number;
  /** ms, when it was measured. */
  at: number;
}

/** Why there is no position: the codes of the field geo_missing. */
export type Missing = 'denied' | 'timeout' | 'unavailable' | 'stale' | 'off';

/** What was gathered for one act: several fixes, of which the best is kept, or why there is none. */
export interface Sample {
  fixes: readonly Fix[];
  missing: Missing;
}

export const none: Sample = { fixes: [], missing: 'timeout' };

/** Older than this, a fix says where the phone was, not where it is. */
export const staleMS = 2 * 60_000;
/** Good enough to stop measuring. */
const goodAccuracy = 20;
const enough = 3;
const most = 12;

/** Reads what the browser gives; undefined when it is no position at all. */
export function fixOf(coords: { latitude: number; longitude: number; accuracy: number }, at: number): Fix | undefined {
  const { latitude, longitude, accuracy } = coords;
  if (![latitude, longitude, accuracy].every(Number.isFinite) || Math.abs(latitude) > 90) return undefined;
  return {
    lat: Math.round(latitude * 1e7),
    lng: Math.round(longitude * 1e7),
    accuracy_m: Math.min(1_000_000, Math.max(0, Math.ceil(accuracy))),
    at,
  };
}

/** Adds a fix; of many the newest are kept. */
export function add(s: Sample, fix: Fix): Sample {
  return { ...s, fixes: [...s.fixes, fix].slice(-most) };
}

/** The most accurate of the fresh fixes; of equal ones the newest. */
export function best(s: Sample, now: number): Fix | undefined {
  let found: Fix | undefined;
  for (const f of s.fixes) {
    if (now - f.at > staleMS) continue;
    if (!found || f.accuracy_m < found.accuracy_m || (f.accuracy_m === found.accuracy_m && f.at > found.at)) found = f;
  }
  return found;
}

/** Nothing better is to be expected: several fixes, one of them good. */
export function settled(s: Sample, now: number): boolean {
  const b = best(s, now);
  return b !== undefined && s.fixes.length >= enough && b.accuracy_m <= goodAccuracy;
}

/** The fields of a record that say where it happened, or why that is not known. */
export function placeFields(s: Sample, now: number, address: Point | undefined): [string, Tree][] {
  const b = best(s, now);
  if (!b) return [['geo_missing', s.fixes.length > 0 ? 'stale' : s.missing]];
  const match: PlaceMatch = placeMatch(b, address);
  const geo = { lat: b.lat, lng: b.lng, accuracy_m: b.accuracy_m, age_ms: Math.max(0, Math.round(now - b.at)) };
  return [
    ['geo', geo],
    ['place_match', { ...match }],
  ];
}
