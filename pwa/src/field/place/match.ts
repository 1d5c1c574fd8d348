/** A point on the earth as records hold it: 1e-7 degree. */
export interface Point {
  lat: number;
  lng: number;
}

export type Verdict = 'match' | 'no_match' | 'undetermined';
export type Band = 'le_50' | 'le_100' | 'le_500' | 'le_2000' | 'gt_2000' | 'unknown';

/** The field place_match: what the client may be shown in place of coordinates. */
export interface PlaceMatch {
  verdict: Verdict;
  distance_band: Band;
  accuracy_m: number | null;
}

const earthRadius = 6_371_008.8;
/** How far from the registered point the door may be. */
const near = 50;
/** A fix that is less certain than this says nothing about an address. */
const worstAccuracy = 100;

const bands: readonly (readonly [number, Band])[] = [
  [50, 'le_50'],
  [100, 'le_100'],
  [500, 'le_500'],
  [2000, 'le_2000'],
];

/** The great-circle distance in metres. */
export function distance(a: Point, b: Point): number {
  const rad = (e7: number) => (e7 / 1e7) * (Math.PI / 180);
  const dLat = rad(b.lat - a.lat);
  const dLng = rad(b.lng - a.lng);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(dLng / 2) ** 2;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * Compares where the phone is with the registered address. It is one: within
 * 50 m + accuracy, by a fix of 100 m or better. It is another: farther than
 * that. Anything else cannot be said.
 */
export function placeMatch(fix: (Point & { accuracy_m: number }) | undefined, address: Point | undefined): PlaceMatch {
  if (!fix || !address) {
    return { verdict: 'undetermined', distance_band: 'unknown', accuracy_m: fix?.accuracy_m ?? null };
  }
  const metres = distance(fix, address);
  const within = metres <= near + fix.accuracy_m;
  const verdict: Verdict = !within ? 'no_match' : fix.accuracy_m <= worstAccuracy ? 'match' : 'undetermined';
  const band = bands.find(([most]) => metres <= most)?.[1] ?? 'gt_2000';
  return { verdict, distance_band: band, accuracy_m: fix.accuracy_m };
}

/** Reads the fact address_point; undefined when the office has not typed one. */
export function pointOf(fact: unknown): Point | undefined {
  if (typeof fact !== 'object' || fact === null) return undefined;
  const { lat, lng } = fact as { lat?: unknown; lng?: unknown };
  return typeof lat === 'number' && typeof lng === 'number' ? { lat, lng } : undefined;
}
