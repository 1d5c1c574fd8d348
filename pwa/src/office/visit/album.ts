import { type BlobField, blobFields, isOffice, type Opened, text } from '../../core/record/index.ts';
import type { HeldBlob } from '../api.ts';
import type { Entry } from './entry.ts';

/** One photo: the record that holds it, the original, and the preview that the phone made of it. */
export interface Photo {
  record: Opened;
  original: Picture;
  preview?: Picture;
  /** Parts of it were hidden by the rep: this, and nothing else, is what leaves the house. */
  hidden?: Hidden;
}

/** A picture in which parts of a photo are hidden, and the record that holds it. */
export interface Hidden {
  record: Opened;
  picture: Picture;
  /** Of the record, in the ledger. */
  index: number;
}

/** One blob of a record, as the record names it, and whether it has arrived. */
export interface Picture extends BlobField {
  stored: boolean;
}

/** The photos of records, in their order. What was made of a photo, a preview or a picture with parts hidden, is no photo of its own. */
export function album(entries: readonly Entry[]): Photo[] {
  const all = entries.flatMap(photosOf);
  const redactions = all.filter((p) => p.record.kind === 'photo.redacted');
  return all
    .filter((p) => !redactions.includes(p) || !all.some((of) => isOf(p, of)))
    .map((of) => {
      // the ledger's order, as the server judges it: his last word
      const hidden = redactions.findLast((p) => isOf(p, of) && !isOffice(p.record));
      if (!hidden) return of;
      const index = entries.find((e) => e.opened === hidden.record)?.held.index ?? 0;
      return { ...of, hidden: { record: hidden.record, picture: hidden.original, index } };
    });
}

function photosOf({ held, opened: r }: Entry): Photo[] {
  if (!r) return [];
  const pictures = blobFields(r).map((b) => ({ ...b, stored: isStored(held.blobs ?? [], b) }));
  return pictures
    .filter((p) => p.of === '')
    .map((original) => {
      const preview = pictures.find((p) => p.of === original.id && p.role === 'preview');
      return preview ? { record: r, original, preview } : { record: r, original };
    });
}

/** A redaction names the photo that it was made of. */
function isOf(redaction: Photo, of: Photo): boolean {
  return text(redaction.record, 'record') === of.record.hash && text(redaction.record, 'original') === of.original.id;
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
