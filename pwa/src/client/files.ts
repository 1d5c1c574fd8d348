import { sha256 } from '../core/encoding/bytes.ts';
import { encodeHex } from '../core/encoding/hex.ts';
import { blobFields } from '../core/record/index.ts';
import { type Claim, claim, differs, type Evidence, type Finding, pending, unknown } from './claim.ts';
import type { Letter, Photo } from './letter.ts';
import type { Read } from './records.ts';

/** digest is the SHA-256 of bytes as the records write it. */
export async function digest(bytes: Uint8Array): Promise<string> {
  return encodeHex(await sha256(bytes));
}

/** How the fetching of a photo ended: its digest, or not at all. */
export type Fetched = string | 'missing';

/**
 * judgePhotos: each photo is named in a record that came along, with this digest, and the bytes have it. fetched is what is known so far, by the
 * photo's place in the letter.
 */
export function judgePhotos(
  letter: Letter,
  records: readonly Read[],
  fetched: ReadonlyMap<number, Fetched>,
): Claim | undefined {
  if (letter.photos.length === 0) return undefined;
  const findings: Finding[] = [];
  const evidence: Evidence[] = [];
  for (const [n, photo] of letter.photos.entries()) {
    const at = records.findIndex((r) => r?.hash === photo.record);
    evidence.push({ label: 'sha256', value: photo.sha256, at });
    if (!isNamed(photo, records)) findings.push(differs('photo_unnamed', at));
    const got = fetched.get(n);
    if (got === 'missing') findings.push(unknown('photo_missing', at));
    else if (got !== undefined && got !== photo.sha256) findings.push(differs('photo_differs', at));
  }
  return (fetched.size < letter.photos.length ? pending : claim)('photos', findings, evidence);
}

/** isNamed reports whether the sealed record of a photo names its digest. */
export function isNamed(photo: Photo, records: readonly Read[]): boolean {
  const r = records.find((one) => one?.hash === photo.record);
  return r !== undefined && blobFields(r).some((b) => b.id === photo.id && b.sha256 === photo.sha256);
}

/** judgeDocument: the PDF is the one whose digest was sealed when it was prepared. got is the digest of what was downloaded, if it was. */
export function judgeDocument(letter: Letter, sealed: string | undefined, got: string | undefined): Claim | undefined {
  if (letter.document === undefined) return undefined;
  const findings: Finding[] = [];
  if (letter.disclosure !== undefined && sealed !== letter.document.sha256) findings.push(differs('document_unnamed'));
  if (got !== undefined && got !== letter.document.sha256) findings.push(differs('document_differs'));
  const evidence: Evidence[] = [{ label: 'sha256', value: letter.document.sha256 }];
  return (got === undefined ? pending : claim)('document', findings, evidence);
}
