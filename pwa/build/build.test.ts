import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shapes } from './icons.ts';

test('an icon is read as data, whatever shapes it is made of', () => {
  const all = ['camera', 'qr-code', 'lock', 'phone'].map((name) =>
    shapes(readFileSync(new URL(`../node_modules/lucide-static/icons/${name}.svg`, import.meta.url), 'utf8')),
  );
  expect(all.every((icon) => icon.length > 0)).toBe(true);
  expect(all[0]?.at(-1)).toEqual(['circle', { cx: '12', cy: '13', r: '3' }]);
  expect(shapes('<svg width="2"></svg>')).toEqual([]);
});
