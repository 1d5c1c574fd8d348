/** What sniff tells of bytes that it does not know. */
export const unknownType = 'application/octet-stream';

/**
 * Tells the media type from the first bytes (512 are plenty, fewer are allowed).
 * A name, an extension or a declared type is never trusted. A type says how the
 * bytes begin, not that the rest is well formed.
 */
export function sniff(first: Uint8Array): string {
  const text = String.fromCharCode(...first.subarray(0, 16));
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.length >= 16 && text.startsWith('RIFF') && text.startsWith('WEBPVP8', 8)) return 'image/webp';
  if (text.startsWith('%PDF-')) return 'application/pdf';
  if (text.length >= 12 && text.startsWith('ftyp', 4)) return brand(text.slice(8, 12));
  return unknownType;
}

/**
 * Maps the major brand of an ISO base media file (ISO/IEC 23008-12 §10). Only
 * still images count: a video that names mif1 among its compatible brands is no
 * photo.
 */
function brand(major: string): string {
  if (['heic', 'heix', 'heim', 'heis'].includes(major)) return 'image/heic';
  if (['mif1', 'msf1'].includes(major)) return 'image/heif';
  return unknownType;
}
