import { describe, expect, test } from 'vitest';
import { distance, placeMatch, pointOf } from './match.ts';

const home = { lat: 35_658_100_0, lng: 139_701_600_0 };
/** A point so many metres north of home. */
const north = (metres: number) => ({ lat: home.lat + Math.round((metres / 111_195) * 1e7), lng: home.lng });

describe('distance', () => {
  test('a degree of latitude is 111.2 km', () => {
    expect(distance({ lat: 350_000_000, lng: 1_390_000_000 }, { lat: 360_000_000, lng: 1_390_000_000 })).toBeCloseTo(
      111_195,
      -1,
    );
  });
  test('east and west are shorter than north and south', () => {
    const east = distance(home, { lat: home.lat, lng: home.lng + 1_000_000 });
    expect(east).toBeGreaterThan(9_000);
    expect(east).toBeLessThan(9_100);
  });
});

describe('placeMatch', () => {
  const cases: [string, number, number, string, string][] = [
    ['at the door', 3, 12, 'match', 'le_50'],
    ['just within 50 m and accuracy', 61, 12, 'match', 'le_100'],
    ['just beyond', 63, 12, 'no_match', 'le_100'],
    ['another street', 300, 20, 'no_match', 'le_500'],
    ['L24: a fix of 3 km says nothing when near', 40, 3000, 'undetermined', 'le_50'],
    ['a bad fix that is far beyond its own accuracy is elsewhere', 9000, 3000, 'no_match', 'gt_2000'],
    ['accuracy of exactly 100 m counts', 120, 100, 'match', 'le_500'],
    ['accuracy of 101 m does not', 120, 101, 'undetermined', 'le_500'],
  ];
  test.each(cases)('%s', (_, metres, accuracy, verdict, band) => {
    expect(placeMatch({ ...north(metres), accuracy_m: accuracy }, home)).toEqual({
      verdict,
      distance_band: band,
      accuracy_m: accuracy,
    });
  });
  test('without a fix or an address nothing can be said', () => {
    expect(placeMatch(undefined, home)).toEqual({
      verdict: 'undetermined',
      distance_band: 'unknown',
      accuracy_m: null,
    });
    expect(placeMatch({ ...home, accuracy_m: 8 }, undefined).verdict).toBe('undetermined');
  });
});

test('an address point is read only when both numbers are there', () => {
  expect(pointOf({ lat: 1, lng: 2 })).toEqual({ lat: 1, lng: 2 });
  expect(pointOf({ lat: 1 })).toBeUndefined();
  expect(pointOf(null)).toBeUndefined();
});
