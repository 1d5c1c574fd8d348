import { expect, test } from 'vitest';
import { schemaOf } from '../../core/record/index.ts';
import { asks, changed, factsOf, typedOf } from './facts.ts';

const least = { number: '2026-0147', worker_name: '辻󠄀 愛', client: 'T社', item: '入館証' };

test('every fact of the form is a field of case.opened', () => {
  const known = new Set(schemaOf('case.opened')?.fields.map((f) => f.name));
  for (const name of asks.keys()) expect(known.has(name), name).toBe(true);
});

test('names stay as they are typed, to the variation selector', () => {
  expect(factsOf(least)).toEqual({ facts: least, wrong: {} });
});

test('what is missing and what cannot be is said by name', () => {
  const { wrong } = factsOf({ ...least, item: ' ', item_count: '０', address_point: '三田', note: 'あ'.repeat(4001) });
  expect(wrong).toEqual({ item: 'required', item_count: 'number', address_point: 'point', note: 'long' });
});

test('a place in degrees, full width too, becomes 1e-7 degree', () => {
  const { facts } = factsOf({
    ...least,
    address_point: '３５.６５８１， 139.7016',
    item_count: '１２',
    practice: 'true',
  });
  expect(facts).toMatchObject({ address_point: { lat: 356581000, lng: 1397016000 }, item_count: 12, practice: true });
});

test('only what differs is changed', () => {
  const before = { ...least, item_count: 2, address_point: { lat: 356581000, lng: 1397016000 } };
  const typed = Object.fromEntries(Object.entries(before).map(([name, v]) => [name, typedOf(v)]));
  expect(changed(before, typed)).toEqual({});
  expect(changed(before, { ...typed, item_count: '3', client: 'U社', number: '' })).toEqual({
    item_count: 3,
    client: 'U社',
  });
});
