import type { Code } from './fault.ts';

/** What scanString found: the characters and where the string ends, or what is wrong. */
type Scan = { value: string; end: number } | { code: Code; detail: string };

const short: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads the string whose opening quote stands at from. */
export function scanString(text: string, from: number): Scan {
  let value = '';
  let plainFrom = from + 1;
  let i = plainFrom;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c === 0x22) return { value: value + text.slice(plainFrom, i), end: i + 1 };
    if (c < 0x20) return { code: 'syntax', detail: 'control character in a string' };
    if (c === 0x5c) {
      const e = readEscape(text, i);
      if ('code' in e) return e;
      value += text.slice(plainFrom, i) + e.value;
      i = e.end;
      plainFrom = i;
    } else if (c >= 0xd800) {
      const r = text.codePointAt(i) as number; // the text was UTF-8: no lone surrogate
      if (isNoncharacter(r)) return { code: 'noncharacter', detail: '' };
      i += r > 0xffff ? 2 : 1;
    } else {
      i++;
    }
  }
  return { code: 'syntax', detail: 'string without end' };
}

/**
 * Reads the escape at i: one of the short forms or \uXXXX, where a surrogate
 * must come as a pair of two such escapes (RFC 8259 §7, RFC 7493 §2.1).
 */
function readEscape(text: string, i: number): Scan {
  const letter = short[text[i + 1] ?? ''];
  if (letter !== undefined) return { value: letter, end: i + 2 };
  const r = hex4(text, i);
  if (r < 0) return { code: 'syntax', detail: '' };
  if (r < 0xd800 || r > 0xdfff) {
    return isNoncharacter(r) ? { code: 'noncharacter', detail: '' } : { value: String.fromCharCode(r), end: i + 6 };
  }
  const low = hex4(text, i + 6);
  if (r > 0xdbff || low < 0xdc00 || low > 0xdfff) return { code: 'surrogate', detail: '' };
  const value = String.fromCharCode(r, low);
  if (isNoncharacter(value.codePointAt(0) as number)) return { code: 'noncharacter', detail: '' };
  return { value, end: i + 12 };
}

/** Reads \uXXXX at i; -1 when that does not stand there. */
function hex4(text: string, i: number): number {
  const m = /^\\u([0-9a-fA-F]{4})$/.exec(text.slice(i, i + 6));
  return m?.[1] === undefined ? -1 : Number.parseInt(m[1], 16);
}

/**
 * Reports the 66 code points that RFC 7493 §2.1 shuts out beside surrogates:
 * U+FDD0 to U+FDEF and the last two of each plane.
 */
export function isNoncharacter(r: number): boolean {
  return (r & 0xfffe) === 0xfffe || (r >= 0xfdd0 && r <= 0xfdef);
}
