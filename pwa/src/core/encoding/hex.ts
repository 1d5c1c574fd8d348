/** Writes bytes as lower-case hex. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const b of bytes) text += b.toString(16).padStart(2, '0');
  return text;
}

/** Reads lower-case hex of even length; undefined for anything else. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Reports whether text is a SHA-256 in lower-case hex. */
export function isHex256(text: string): boolean {
  return text.length === 64 && /^[0-9a-f]+$/.test(text);
}
