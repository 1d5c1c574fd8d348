import { expect, test } from 'vitest';
import { doorOf } from './door.ts';

test('an address is a link, a copy, or cut off', () => {
  const secret = 'A'.repeat(43);
  expect(doorOf('/d/a.b-_.C9', '')).toEqual({ kind: 'client', link: 'a.b-_.C9' });
  expect(doorOf('/k', `#${secret}`)).toEqual({ kind: 'copy', secret });
  for (const [path, hash] of [
    ['/d/', ''],
    ['/d/a.b', ''],
    ['/d/a.b.c.d', ''],
    ['/d/a.b.c%20', ''],
    ['/k', ''],
    ['/k', `#${secret}A`],
    ['/k', `#${secret.slice(1)}`],
  ] as const) {
    expect(doorOf(path, hash), path + hash).toEqual({ kind: 'cut' });
  }
});
