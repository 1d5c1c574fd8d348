/**
 * Base64 (RFC 4648) in the one strict form of the protocol: no line breaks, no
 * stray trailing bits, so that bytes have one text.
 */
const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const urlSafe = `${standard.slice(0, 62)}-_`;

const table = (alphabet: string): Int8Array => {
  const t = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i++) t[alphabet.charCodeAt(i)] = i;
  return t;
};

const fromStandard = table(standard);
const fromUrlSafe = table(urlSafe);

/** Writes base64url without padding (RFC 4648 §5). */
export function encodeBase64url(bytes: Uint8Array): string {
  return encode(bytes, urlSafe);
}

/** Writes base64 with padding (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  return encode(bytes, standard) + '='.repeat((3 - (bytes.length % 3)) % 3);
}

/** Reads canonical base64url without padding; undefined for anything else. */
export function decodeBase64url(text: string): Uint8Array | undefined {
  return decode(text, fromUrlSafe);
}

/** Reads canonical base64 with padding; undefined for anything else. */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined;
  const bare = text.replace(/={1,2}$/, '');
  const bytes = decode(bare, fromStandard);
  return bytes && bare.length + ((3 - (bytes.length % 3)) % 3) === text.length ? bytes : undefined;
}

function encode(bytes: Uint8Array, alphabet: string): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
    const group = (a << 16) | (b << 8) | c;
    const digits = Math.min(bytes.length - i, 3) + 1;
    for (let k = 0; k < digits; k++) text += alphabet[(group >> (18 - 6 * k)) & 63];
  }
  return text;
}

function decode(text: string, digits: Int8Array): Uint8Array | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = digits[text.charCodeAt(i)] ?? -1;
    if (digit < 0) return undefined;
    held = (held << 6) | digit;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 ? bytes : undefined;
}
