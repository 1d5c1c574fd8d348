import { expect, test } from 'vitest';
import { distance, draw, type Fix, offset, roundedMetres } from './rings.ts';

const mita = { lat: 356581000, lng: 1397016000 };

function fix(lat: number, lng: number, accuracy: number): Fix {
  return { record: 'r', kind: 'visit.started', at: 0, age: 0, lat, lng, accuracy };
}

test('a degree of latitude is 111 km, and of longitude less the farther north', () => {
  expect(distance({ lat: 0, lng: 0 }, { lat: 1e7, lng: 0 })).toBeCloseTo(111_195, -1);
  expect(distance({ lat: 60e7, lng: 0 }, { lat: 60e7, lng: 1e7 })).toBeCloseTo(55_597, -2);
  expect(distance(mita, mita)).toBe(0);
});

test('north is up and east is right', () => {
  const north = offset(mita, { lat: mita.lat + 1000, lng: mita.lng });
  expect([Math.round(north.x), Math.round(north.y)]).toEqual([0, -11]);
  const east = offset(mita, { lat: mita.lat, lng: mita.lng + 1000 });
  expect([Math.round(east.x), Math.round(east.y) + 0]).toEqual([9, 0]);
});

test('the short way over the date line', () => {
  const { x } = offset({ lat: 0, lng: 1799999000 }, { lat: 0, lng: -1799999000 });
  expect(Math.round(x)).toBe(22);
});

test('everything that is drawn is inside, with its accuracy', () => {
  for (const fixes of [
    [fix(mita.lat, mita.lng, 12)],
    [fix(mita.lat + 100_000, mita.lng, 3000), fix(mita.lat, mita.lng - 200_000, 8)],
    [fix(-mita.lat, mita.lng - 1800000000, 5)],
  ]) {
    const d = draw(mita, fixes);
    for (const dot of d.dots) {
      expect(Math.hypot(dot.x - 160, dot.y - 160) + dot.r).toBeLessThanOrEqual(160);
    }
    for (const ring of d.rings) expect(ring.r).toBeLessThanOrEqual(160);
    expect(d.rings.length).toBeGreaterThan(1);
  }
});

test('without a fix there are rings and no dots', () => {
  const d = draw(mita, []);
  expect(d.dots).toEqual([]);
  expect(d.rings.map((r) => r.metres)).toEqual([10, 20]);
});

test('distances are no finer than a fix can be', () => {
  expect([3.4, 12.3, 498, 1234, 250_400].map(roundedMetres)).toEqual(['3 m', '10 m', '500 m', '1.2 km', '250 km']);
});
