import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(css|html|js|json|svg|webmanifest)$/;

/** emptied takes away what an earlier build left; the placeholder stays, so that Go compiles before the first build too. */
export function emptied(): Plugin {
  let dist = '';
  return {
    name: 'tachiai-emptied',
    apply: 'build',
    configResolved({ root, build }) {
      dist = path.resolve(root, build.outDir);
    },
    buildStart() {
      if (!existsSync(dist)) return;
      for (const name of readdirSync(dist)) {
        if (name !== '.placeholder') rmSync(path.join(dist, name), { recursive: true });
      }
    },
  };
}

/** packed writes name.br and name.gz beside each file where they are smaller, and prints what the entries weigh. */
export function packed(): Plugin {
  let dist = '';
  return {
    name: 'tachiai-packed',
    apply: 'build',
    enforce: 'post',
    configResolved({ root, build }) {
      dist = path.resolve(root, build.outDir);
    },
    writeBundle: {
      sequential: true,
      order: 'post',
      handler() {
        const sizes = new Map<string, number>();
        for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
          if (!compressible.test(name)) continue;
          const bytes = readFileSync(path.join(dist, name));
          const gz = gzipSync(bytes, { level: 9 });
          const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
          if (gz.length < bytes.length) writeFileSync(path.join(dist, `${name}.gz`), gz);
          if (br.length < bytes.length) writeFileSync(path.join(dist, `${name}.br`), br);
          sizes.set(name, gz.length);
        }
        for (const realm of ['field', 'office', 'client']) {
          const first = entry(readFileSync(path.join(dist, `${realm}.html`), 'utf8'));
          const weight = (kind: string) =>
            first.filter((name) => name.endsWith(kind)).reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
          process.stdout.write(`${realm}: entry JS ${kib(weight('.js'))} KiB gz, CSS ${kib(weight('.css'))} KiB gz\n`);
        }
      },
    },
  };
}

/** entry lists the files that a page loads before it shows anything. */
function entry(html: string): string[] {
  return [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, name = '']) => name);
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
