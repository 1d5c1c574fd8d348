import { expect, test } from 'vitest';
import { eager } from './eager.ts';

const chunk = (fileName: string, isEntry: boolean, imports: string[], dynamicImports: string[] = []) => ({
  type: 'chunk',
  fileName,
  isEntry,
  imports,
  dynamicImports,
  code: 'f()',
});

test('what a page begins with is compiled at once; what it calls for later is not', () => {
  const chunks = [
    chunk('field.js', true, ['both.js'], ['paper.js']),
    chunk('both.js', false, ['deep.js']),
    chunk('deep.js', false, ['both.js']), // a circle ends
    chunk('paper.js', false, ['both.js']),
  ];
  const styles = { type: 'asset', fileName: 'field.css', source: '' };
  const { generateBundle } = eager();
  (generateBundle as unknown as { handler(options: unknown, bundle: unknown): void }).handler({}, [...chunks, styles]);
  const hinted = chunks.filter(({ code }) => code === '//# allFunctionsCalledOnLoad\nf()');
  expect(hinted.map(({ fileName }) => fileName)).toEqual(['field.js', 'both.js', 'deep.js']);
});
