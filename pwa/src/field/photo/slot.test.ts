import { expect, test } from 'vitest';
import { slotKey, slotPrefix, sourceOf } from './slot.ts';

test('L21: a library picture never passes for a captured one', () => {
  const openedAt = 1_800_000_000_000;
  expect(sourceOf({ asked: 'camera', openedAt }, openedAt + 5000)).toBe('camera');
  expect(sourceOf({ asked: 'camera', openedAt }, openedAt - 1500)).toBe('camera');
  expect(sourceOf({ asked: 'camera', openedAt }, openedAt - 60_000)).toBe('library');
  expect(sourceOf({ asked: 'library', openedAt }, openedAt + 5000)).toBe('library');
});

test('L05: slots are told apart by their own id, never by a file name', () => {
  const visit = { case: 'c', visit: 'v' };
  expect(slotKey({ ...visit, id: 'a' })).not.toBe(slotKey({ ...visit, id: 'b' }));
  expect(slotKey({ ...visit, id: 'a' }).startsWith(slotPrefix(visit))).toBe(true);
  expect(slotPrefix({ case: 'c', visit: '' })).toBe('photo/c/');
});
