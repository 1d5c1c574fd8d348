import { expect, test } from 'vitest';
import { together } from './together.ts';

/** A graph of modules: what each imports, and after a bar what it imports later. */
const graph = (all: Record<string, string>) => ({
  getModuleInfo: (id: string) => {
    const [now = '', later = ''] = (all[id] ?? '').split('|');
    return { importedIds: now.split(' ').filter(Boolean), dynamicallyImportedIds: later.split(' ').filter(Boolean) };
  },
});

test('modules are together when the same pages begin with them and the same may come to need them', () => {
  const modules = graph({
    '/field.html': 'field both ui | paper',
    '/office.html': 'office both ui paper',
    both: 'deep',
    deep: 'both', // a circle ends
  }) as never;
  const name = together('/', ['field', 'office']);
  const names = ['field', 'office', 'both', 'deep', 'ui', 'paper'].map((id) => name(id, modules));
  expect(names).toEqual(['field', 'office', 'field-office', 'field-office', 'field-office', 'office-field-later']);
});

test('what no page begins with stays where the bundler puts it', () => {
  const modules = graph({ '/field.html': 'main | late', main: '', late: 'later' }) as never;
  const name = together('/', ['field']);
  expect(['main', 'late', 'later', 'nobody'].map((id) => name(id, modules))).toEqual(['field', null, null, null]);
});
