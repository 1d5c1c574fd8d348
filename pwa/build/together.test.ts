import { expect, test } from 'vitest';
import { together } from './together.ts';

/** A graph of modules: what each imports, and after a bar what it imports later. */
const graph = (all: Record<string, string>) => ({
  getModuleInfo: (id: string) => {
    const [now = '', later = ''] = (all[id] ?? '').split('|');
    return { importedIds: now.split(' ').filter(Boolean), dynamicallyImportedIds: later.split(' ').filter(Boolean) };
  },
});

test('modules are together when the same pages come to need them; what the lightest page does not begin with is apart', () => {
  const modules = graph({
    '/field.html': 'field both ui | paper',
    '/office.html': 'office both ui paper proof',
    '/client.html': 'client ui | proof',
    both: 'deep',
    deep: 'both', // a circle ends
  }) as never;
  const name = together('/', ['field', 'office', 'client']);
  const all = { field: 'field', office: 'office', both: 'field-office', deep: 'field-office', paper: 'field-office' };
  for (const [id, file] of Object.entries(all)) expect(name(id, modules)).toBe(file);
  expect(name('ui', modules)).toBe('field-office-client');
  expect(name('proof', modules)).toBe('office-client-later');
});

test('what no page begins with stays where the bundler puts it', () => {
  const modules = graph({ '/field.html': 'main | late', main: '', late: 'later' }) as never;
  const name = together('/', ['field']);
  expect(['main', 'late', 'later', 'nobody'].map((id) => name(id, modules))).toEqual(['field', null, null, null]);
});
