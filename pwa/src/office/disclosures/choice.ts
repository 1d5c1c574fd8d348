import type { Opened, Tree } from '../../core/record/index.ts';
import { album, type Photo } from '../visit/album.ts';
import { type Entry, member, plain } from '../visit/entry.ts';

/** A declaration that may be disclosed, with what its signer agreed to. */
export interface Choice {
  record: Opened;
  toClient: boolean;
  photos: boolean;
}

/** The signed declarations of an approved visit. */
export function choices(entries: readonly Entry[]): Choice[] {
  return entries.flatMap(({ opened: r }) => {
    if (r?.kind !== 'declaration.signed') return [];
    const given = (key: string) => plain(r, `field.${key}`) === true;
    return [{ record: r, toClient: given('consent_client'), photos: given('consent_photos') }];
  });
}

/** The photos that may be chosen. A photographed paper holds what the worker wrote to the agency alone, unless that was hidden. */
export function disclosable(entries: readonly Entry[]): Photo[] {
  return album(entries).filter(
    (p) =>
      p.record.kind === 'photo.captured' &&
      (p.hidden || (!p.original.role.startsWith('paper_page_') && (p.original.stored || p.preview?.stored))),
  );
}

/** What names a photo in a disclosure: its record and the blob of the original. */
export function photoKey(p: Photo): string {
  return `${p.record.hash}.${p.original.id}`;
}

/** The presentation of a declaration as plain data. */
export function shownAs(r: Opened): { template: string; version: number; lang: 'ja' | 'en'; method: string } {
  const p = plain(r, 'presentation');
  const word = (name: string): Tree | undefined => member(p, name);
  return {
    template: String(word('template') ?? ''),
    version: Number(word('version') ?? 0),
    lang: word('lang') === 'en' ? 'en' : 'ja',
    method: String(word('method') ?? ''),
  };
}
