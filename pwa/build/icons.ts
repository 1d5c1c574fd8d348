import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** One shape of an icon: the name of an SVG element and its attributes. */
export type Shape = readonly [string, Readonly<Record<string, string>>];

/** shapes reads what an icon of lucide draws. */
export function shapes(svg: string): Shape[] {
  const body = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
  return [...body.matchAll(/<([a-z]+)\s+([^>]*?)\/>/g)].map(([, name = '', attributes = '']) => [
    name,
    Object.fromEntries(
      [...attributes.matchAll(/([a-z0-9-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
    ),
  ]);
}

/** icons makes `import shapes from 'x.svg?icon'` give the shapes as data, so that an icon is drawn by Preact and nothing is parsed as markup. */
export function icons(): Plugin {
  return {
    name: 'tachiai-icons',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('.svg?icon')) return null;
      const all = shapes(readFileSync(id.slice(0, -'?icon'.length), 'utf8'));
      if (all.length === 0) throw new Error(`${id} draws nothing`);
      return `export default ${JSON.stringify(all)};`;
    },
  };
}
