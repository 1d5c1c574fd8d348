// Which characters may stand in a value. Nothing is ever changed: no
// normalisation, no trimming, no folding of width; a name keeps its bytes. What
// would make the shown text lie about itself is refused instead.

const refused =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a value must not hold
  /[\0-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]|\p{Noncharacter_Code_Point}|\p{Surrogate}/u;

/**
 * Reports whether s holds only characters that may be shown: no C0 or C1 control
 * (LF only in paragraphs), no line or paragraph separator, no bidirectional
 * control, which could make the text read differently from the bytes that are
 * hashed (CVE-2021-42574), no noncharacter.
 */
export function isClean(s: string, lf: boolean): boolean {
  return !refused.test(lf ? s.replaceAll('\n', '') : s);
}

const unseen = /^[ \n\u00a0\u00ad\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\u3164\ufeff]*$/;

/** Reports whether nothing would be seen. */
export function isBlank(s: string): boolean {
  return unseen.test(s);
}

/**
 * Reports whether s is a reading: hiragana, katakana of either width, the long
 * mark, the middle dot, iteration marks and spaces.
 */
export function isKana(s: string): boolean {
  return /^[ \u3000\u3041-\u3096\u309b-\u309e\u30a1-\u30fe\uff65-\uff9f]*$/.test(s);
}
