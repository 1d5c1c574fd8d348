import { type BlobField, blobFields, type Opened } from '../../core/record/index.ts';
import type { HeldBlob } from '../api.ts';
import type { Entry } from './entry.ts';

/** One photo: the record that holds it, the original, and the preview that the phone made of it. */
export interface Photo {
  record: Opened;
  original: Picture;
  preview?: Picture;
}

/** One blob of a record, as the record names it, and whether it has arrived. */
export interface Picture extends BlobField {
  stored: boolean;
}

/** The photos of records, in their order. A blob whose original is in the same record is its preview, and no photo of its own. */
export function album(entries: readonly Entry[]): Photo[] {
  return entries.flatMap(({ held, opened: r }) => {
    if (!r) return [];
    const pictures = blobFields(r).map((b) => ({ ...b, stored: isStored(held.blobs ?? [], b) }));
    return pictures
      .filter((p) => p.of === '')
      .map((original) => {
        const preview = pictures.find((p) => p.of === original.id && p.role === 'preview');
        return preview ? { record: r, original, preview } : { record: r, original };
      });
  });
}

function isStored(blobs: readonly HeldBlob[], b: BlobField): boolean {
  return blobs.some((h) => h.sha256 === b.sha256 && h.stored);
}

/** What browsers draw; anything else is offered as a file. */
const drawn = ['image/jpeg', 'image/png', 'image/webp'];

/** Reports whether a picture can be shown in the page. */
export function isDrawn(type: string): boolean {
  return drawn.includes(type);
}

/** What the grid shows of a photo: the preview when there is one that can be drawn, else the original. */
export function small(p: Photo): Picture {
  return p.preview?.stored && isDrawn(p.preview.type) ? p.preview : p.original;
}
