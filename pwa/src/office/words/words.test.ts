import { expect, test } from 'vitest';
import { en } from './en.ts';
import { ja } from './ja.ts';

const names = (text: string) => [...text.matchAll(/\{([a-z_]+)\}/g)].map((m) => m[1]).sort();

test('both languages have the same gaps to fill in', () => {
  for (const key of Object.keys(ja) as (keyof typeof ja)[]) {
    expect(names(en[key]), key).toEqual(names(ja[key]));
    expect(en[key].trim(), key).not.toBe('');
  }
});

test('what has a problem has a way out', () => {
  for (const key of Object.keys(ja).filter((k) => /^problem\.[a-z_]+$/.test(k)))
    expect(ja).toHaveProperty([`${key}.do`]);
});
