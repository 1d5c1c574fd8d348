import { utf8 } from '../../core/encoding/text.ts';
import { builtin, parse, type Template } from '../../core/form/index.ts';
import { phone } from '../phone.ts';

/** One version of a paper: built in, or published by the office. Undefined for one that this phone does not know or cannot read. */
export async function templateOf(id: string, version: number): Promise<Template | undefined> {
  return (await templates()).find((t) => t.id === id && t.version === version);
}

/** The newest version of a paper that this phone can read. */
export async function newest(id: string): Promise<Template | undefined> {
  return (await templates()).filter((t) => t.id === id).sort((a, b) => b.version - a.version)[0];
}

/** Every version that this phone can read. */
export async function templates(): Promise<Template[]> {
  const published = await Promise.all(
    phone()
      .templates.peek()
      .map(async (p) => {
        try {
          return p.body === undefined ? undefined : await parse(utf8(JSON.stringify(p.body)));
        } catch {
          return undefined; // of a newer program: the version before is used
        }
      }),
  );
  const own = await builtin();
  return [
    ...own,
    ...(published.filter(
      (t) => t !== undefined && !own.some((o) => o.id === t.id && o.version === t.version),
    ) as Template[]),
  ];
}
