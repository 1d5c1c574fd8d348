import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';

/** What the service worker of the field app keeps: where, and the digest that the answer must have. */
export interface Kept {
  url: string;
  integrity: string;
}

const shell = '/field/';
const beside = [
  'field/manifest.webmanifest',
  'field/icon-192.png',
  'field/icon-512.png',
  'field/icon-maskable-512.png',
];

/** worker builds src/sw/sw.ts to field/sw.js, with the list of all that the field app needs to open without a server. */
export function worker(root: string): Plugin {
  return {
    name: 'tachiai-worker',
    apply: 'build',
    writeBundle: {
      sequential: true,
      async handler(options, bundle) {
        const dist = options.dir ?? path.join(root, 'dist');
        const kept = ['field.html', ...reachable(bundle), ...beside].map((name) => ({
          url: name === 'field.html' ? shell : `/${name}`,
          integrity: integrity(readFileSync(path.join(dist, name))),
        }));
        const version = createHash('sha256').update(JSON.stringify(kept)).digest('hex').slice(0, 12);
        await build({
          configFile: false,
          root,
          publicDir: false,
          logLevel: 'warn',
          define: { __VERSION__: JSON.stringify(version), __KEPT__: JSON.stringify(kept) },
          build: {
            outDir: dist,
            emptyOutDir: false,
            target: 'es2022',
            rolldownOptions: {
              input: path.join(root, 'src/sw/sw.ts'),
              output: { format: 'iife', entryFileNames: 'field/sw.js' },
            },
          },
        });
      },
    },
  };
}

/** reachable lists the files of the field entry: its chunks, those they load now or later, their styles and pictures. */
function reachable(bundle: Rolldown.OutputBundle): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const file = bundle[name];
    if (file?.type !== 'chunk') return;
    for (const next of [...file.imports, ...file.dynamicImports]) visit(next);
    for (const next of [...(file.viteMetadata?.importedCss ?? []), ...(file.viteMetadata?.importedAssets ?? [])])
      visit(next);
  };
  for (const file of Object.values(bundle)) {
    if (file.type === 'chunk' && file.isEntry && file.facadeModuleId?.endsWith('/field.html')) visit(file.fileName);
  }
  if (found.size === 0) throw new Error('the field app has no entry');
  return [...found].sort();
}

function integrity(bytes: Uint8Array): string {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
}
