import { describe, expect, test } from 'vitest';
import { add, best, type Fix, fixOf, none, placeFields, type Sample, settled, staleMS } from './fixes.ts';

const now = 1_800_000_000_000;
const fix = (accuracy: number, ago: number): Fix => ({ lat: 1, lng: 2, accuracy_m: accuracy, at: now - ago });
const sample = (...fixes: Fix[]): Sample => fixes.reduce(add, none);

describe('best', () => {
  test('the most accurate fresh fix, not the last', () => {
    expect(best(sample(fix(30, 9000), fix(8, 6000), fix(15, 1000)), now)?.accuracy_m).toBe(8);
  });
  test('of equal accuracy the newest', () => {
    expect(best(sample(fix(8, 9000), fix(8, 1000)), now)?.at).toBe(now - 1000);
  });
  test('L24: a stale fix is none', () => {
    expect(best(sample(fix(5, staleMS + 1)), now)).toBeUndefined();
  });
});

test('measuring stops after several fixes of which one is good', () => {
  expect(settled(sample(fix(8, 100)), now)).toBe(false);
  expect(settled(sample(fix(40, 300), fix(35, 200), fix(30, 100)), now)).toBe(false);
  expect(settled(sample(fix(40, 300), fix(12, 200), fix(30, 100)), now)).toBe(true);
});

describe('placeFields', () => {
  test('integers of 1e-7 degree, whole metres rounded up, and the age', () => {
    const f = fixOf({ latitude: 35.6581, longitude: 139.7016, accuracy: 11.2 }, now - 900);
    expect(f && placeFields(sample(f), now, { lat: 356581000, lng: 1397016000 })).toEqual([
      ['geo', { lat: 356581000, lng: 1397016000, accuracy_m: 12, age_ms: 900 }],
      ['place_match', { verdict: 'match', distance_band: 'le_50', accuracy_m: 12 }],
    ]);
  });
  test.each(['denied', 'timeout', 'unavailable', 'off'] as const)('without any fix the reason: %s', (missing) => {
    expect(placeFields({ fixes: [], missing }, now, undefined)).toEqual([['geo_missing', missing]]);
  });
  test('with only stale ones: stale', () => {
    expect(placeFields(sample(fix(5, staleMS + 1)), now, undefined)).toEqual([['geo_missing', 'stale']]);
  });
  test('L32: a clock that was set back gives no negative age', () => {
    const [geo] = placeFields(sample(fix(5, -5000)), now, undefined);
    expect(geo?.[1]).toMatchObject({ age_ms: 0 });
  });
});

test('a position that is none is dropped', () => {
  expect(fixOf({ latitude: Number.NaN, longitude: 0, accuracy: 1 }, now)).toBeUndefined();
});

test('of many fixes the newest are kept', () => {
  const many = Array.from({ length: 40 }, (_, n) => fix(n + 1, 40_000 - n * 1000));
  expect(sample(...many).fixes.length).toBe(12);
});
