import type { Opened } from '../../core/record/index.ts';
import { type Entry, numberOf, plain, textOf } from './entry.ts';

/** A place on the earth, 1e-7 degree. */
export interface Point {
  lat: number;
  lng: number;
}

/** One stored fix of a visit. */
export interface Fix extends Point {
  record: string;
  kind: string;
  at: number;
  /** m */
  accuracy: number;
  /** ms between the fix and its use. */
  age: number;
}

/** What a phone said of a place, or why it could not. */
export interface Stand {
  record: string;
  kind: string;
  at: number;
  fix?: Fix;
  /** Why there is no fix. */
  missing?: string;
  /** The phone's own comparison with the registered address. */
  verdict?: string;
  band?: string;
}

/** The places that the records of a visit name, in the order of the records. */
export function stands(entries: readonly Entry[]): Stand[] {
  return entries.flatMap(({ opened: r }) => {
    const s = r && standOf(r);
    return s ? [s] : [];
  });
}

function standOf(r: Opened): Stand | undefined {
  const geo = plain(r, 'geo');
  const missing = plain(r, 'geo_missing');
  const match = plain(r, 'place_match');
  if (geo === undefined && missing === undefined) return undefined;
  const s: Stand = { record: r.hash, kind: r.kind, at: r.at };
  const lat = numberOf(geo, 'lat');
  const lng = numberOf(geo, 'lng');
  if (lat !== undefined && lng !== undefined) {
    const [accuracy, age] = [numberOf(geo, 'accuracy_m') ?? 0, numberOf(geo, 'age_ms') ?? 0];
    s.fix = { record: r.hash, kind: r.kind, at: r.at, lat, lng, accuracy, age };
  }
  if (typeof missing === 'string') s.missing = missing;
  const verdict = textOf(match, 'verdict');
  const band = textOf(match, 'distance_band');
  if (verdict) s.verdict = verdict;
  if (band) s.band = band;
  return s;
}

/** The earth's mean radius, m. */
const radius = 6_371_008;
const rad = (units: number) => (units / 1e7) * (Math.PI / 180);

/** The distance in m along the surface, by the haversine. */
export function distance(a: Point, b: Point): number {
  const dLat = rad(b.lat - a.lat);
  const dLng = rad(b.lng - a.lng);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(dLng / 2) ** 2;
  return 2 * radius * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Metres east and south of a centre, good for a neighbourhood; y grows to the south as it does on a screen. */
export function offset(center: Point, p: Point): { x: number; y: number } {
  let dLng = p.lng - center.lng;
  if (dLng > 180e7) dLng -= 360e7;
  if (dLng < -180e7) dLng += 360e7;
  return { x: radius * rad(dLng) * Math.cos(rad(center.lat)), y: -radius * rad(p.lat - center.lat) };
}

/** A drawing of the fixes around the registered address. All lengths are of the view, which is size × size with the address at its centre. */
export interface Drawing {
  size: number;
  rings: { r: number; metres: number }[];
  dots: { fix: Fix; x: number; y: number; r: number; metres: number }[];
}

/** Distances that rings may stand for, m. */
const steps = [
  10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000, 2_000_000, 20_000_000,
];

/** Room between the outermost thing and the edge. */
const margin = 1.15;

/** Draws so that every dot with its accuracy is in the picture, and two or three rings show how far that is. */
export function draw(center: Point, fixes: readonly Fix[], size = 320): Drawing {
  const placed = fixes.map((fix) => ({ fix, ...offset(center, fix), metres: distance(center, fix) }));
  const reach = Math.max(25, ...placed.map((p) => Math.hypot(p.x, p.y) + p.fix.accuracy));
  const scale = size / 2 / (reach * margin);
  const shown = steps.filter((m) => m <= reach * margin).slice(-3);
  const middle = size / 2;
  return {
    size,
    rings: shown.map((metres) => ({ r: metres * scale, metres })),
    dots: placed.map((p) => ({
      fix: p.fix,
      x: middle + p.x * scale,
      y: middle + p.y * scale,
      r: Math.max(p.fix.accuracy * scale, 3),
      metres: p.metres,
    })),
  };
}

/** A distance for people, after its accuracy: nobody is at 12.3 m ± 40 m. */
export function roundedMetres(m: number): string {
  if (m < 10) return `${Math.round(m)} m`;
  if (m < 1000) return `${Math.round(m / 5) * 5} m`;
  return m < 100_000 ? `${(m / 1000).toFixed(1)} km` : `${Math.round(m / 1000)} km`;
}
