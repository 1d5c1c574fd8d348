import type { HeldBlob, HeldRecord } from '../../engine/index.ts';

/** The digest of the picture that stands for an original on this phone, "" for none. */
export function shownOf(r: Pick<HeldRecord, 'blobs'>, original: HeldBlob): string {
  const preview = r.blobs.find((b) => b.of === original.id && b.role === 'preview');
  if (preview?.kept) return preview.sha256;
  return original.kept && /^image\/(jpeg|png|webp)$/.test(original.type) ? original.sha256 : '';
}

/** The photos of a record in which something can be hidden: originals that this phone still holds and can show. */
export function redactable(r: HeldRecord): HeldBlob[] {
  if (!r.kept || r.kind === 'photo.redacted') return [];
  return r.blobs.filter((b) => b.of === '' && shownOf(r, b) !== '');
}
