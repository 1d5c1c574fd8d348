import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { eager } from './build/eager.ts';
import { icons } from './build/icons.ts';
import { emptied, packed } from './build/packed.ts';
import { together } from './build/together.ts';
import { worker } from './build/worker.ts';

const root = path.dirname(fileURLToPath(import.meta.url));
const realms = ['field', 'office', 'client'];

/** Three pages, one for each audience, which share what they have in common. Nothing is inlined: the content security policy allows files of our own only. */
export default defineConfig({
  root,
  appType: 'mpa',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [icons(), emptied(), eager(), worker(root), packed()],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      // Our modules do nothing by being imported, apart from those that are begun with; so a page fetches what it uses of a package.
      treeshake: {
        moduleSideEffects: (id) =>
          !id.startsWith(path.join(root, 'src')) || /(main|worker|ui\/index)\.tsx?$|\.css$/.test(id),
      },
      input: realms.map((realm) => path.join(root, `${realm}.html`)),
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [{ debugName: 'together', name: together(root, realms) }],
        },
      },
    },
  },
  test: { include: ['src/**/*.test.{ts,tsx}', 'build/*.test.ts'], testTimeout: 120_000 },
});
