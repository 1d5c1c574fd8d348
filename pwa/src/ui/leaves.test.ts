import { expect, test } from 'vitest';
import { cut as cutInto } from './leaves.ts';

const cut = <T extends object>(items: readonly T[], before?: readonly (readonly T[])[]) => cutInto(items, 2, before);

const some = (count: number) => Array.from({ length: count }, (_, n) => ({ n }));

test.each([0, 1, 2, 3, 500, 501])('%i items: each stands on one leaf, in order', (count) => {
  const items = some(count);
  expect(cut(items).flat()).toEqual(items);
  expect(cut(items).every((own) => own.length > 0)).toBe(true);
});

test('only the leaf of an item that is another object is another leaf', () => {
  const items = some(7);
  const before = cut(items);
  expect(cut([...items], before)).toSatisfy((after: unknown[]) => after.every((own, n) => own === before[n]));
  const changed = items.map((item, n) => (n === 4 ? { ...item } : item));
  const after = cut(changed, before);
  expect(after.filter((own, n) => own !== before[n])).toEqual([
    after.find((own) => own.includes(changed[4] as object)),
  ]);
});

test('a list that grows or shrinks at its end keeps the leaves before it', () => {
  const items = some(5);
  const before = cut(items);
  const [first, second, last] = cut([...items, { n: 5 }], before);
  expect([first === before[0], second === before[1], last === before[2]]).toEqual([true, true, false]);
  expect(cut(items.slice(0, 4), before)).toEqual(before.slice(0, 2));
});

test('an item in front moves all: no leaf is taken for another', () => {
  const items = some(4);
  const after = cut([{ n: -1 }, ...items], cut(items));
  expect(after.flat().map(({ n }) => n)).toEqual([-1, 0, 1, 2, 3]);
});
