import { decodeBase64url } from './base64.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** spell writes a key's name to be read aloud and compared, as the server prints it when it starts: base32 in groups of four. */
export function spell(keyID: string): string {
  const bytes = decodeBase64url(keyID) ?? new Uint8Array();
  let text = '';
  let held = 0;
  let bits = 0;
  for (const b of bytes) {
    held = (held << 8) | b;
    for (bits += 8; bits >= 5; bits -= 5) text += digits[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  if (bits > 0) text += digits[(held << (5 - bits)) & 31];
  return text.replace(/(.{4})(?=.)/g, '$1 ');
}
