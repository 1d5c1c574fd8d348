import { compareUTF8 } from '../encoding/text.ts';
import { escapeStep } from '../ijson/index.ts';
import { inLanguage, type Tree } from '../record/index.ts';

/** What can be wrong. A client acts on these, never on a text. */
export type Code =
  | 'unknown' // not a member of this template
  | 'type' // wrong JSON type
  | 'required' // not there, or a required tick that is not set
  | 'empty' // nothing but white space: leave it out instead
  | 'too_long' // more characters than allowed
  | 'too_many' // more rows, strokes or points than allowed
  | 'character' // a character that cannot be shown
  | 'date' // not a date that exists
  | 'order' // ends before it begins
  | 'option' // not one of the options
  | 'kana' // not a reading in kana
  | 'value' // out of bounds
  | 'mismatch' // says something else than the paper
  | 'blank' // a signature with no ink
  | 'banned'; // a template asks what may not be asked

/** One thing wrong at one place, a JSON Pointer (RFC 6901) into what was judged. */
export interface Fault {
  pointer: string;
  code: Code;
}

const words: Record<Code, { ja: string; en: string }> = {
  unknown: { ja: 'この様式にない項目です', en: 'This form has no such item' },
  type: { ja: '形式が違います', en: 'Not of the expected form' },
  required: { ja: '必ず記入してください', en: 'This has to be filled in' },
  empty: {
    ja: '空白だけです。書くことがなければ空けておいてください',
    en: 'Only white space. Leave it out if there is nothing to say',
  },
  too_long: { ja: '長すぎます', en: 'Too long' },
  too_many: { ja: '数が多すぎます', en: 'Too many' },
  character: { ja: '使えない文字があります', en: 'Holds a character that cannot be used' },
  date: { ja: '正しい日付・時刻ではありません', en: 'Not a date or time that exists' },
  order: { ja: '終わりが始まりより前です', en: 'Ends before it begins' },
  option: { ja: '選択肢にありません', en: 'Not one of the choices' },
  kana: { ja: 'かなで記入してください', en: 'Write the reading in kana' },
  value: { ja: '値が範囲の外です', en: 'Out of range' },
  mismatch: { ja: '書面の内容と一致しません', en: 'Does not agree with the paper' },
  blank: { ja: '署名がありません', en: 'There is no signature' },
  banned: { ja: '様式で求めてはならないことが書かれています', en: 'Says what a form must not ask' },
};

/** Says in a language what is wrong, for the person who fills the paper in. */
export function faultText(f: Fault, lang: string): string {
  return inLanguage(words[f.code], lang);
}

/** maxFaults bounds what one hostile input can make a judge collect. */
const maxFaults = 100;

/** Where something stands, step by step. */
export type Path = readonly (string | number)[];

/** Collects faults. */
export class Faults {
  readonly list: Fault[] = [];

  /** Notes a fault at a path. */
  add(code: Code, ...at: Path): void {
    const pointer = at.map((step) => `/${escapeStep(String(step))}`).join('');
    if (this.list.length < maxFaults) this.list.push({ pointer, code });
  }

  /** Notes each member of m that is not among names, in the order of their UTF-8 bytes. */
  unknown(m: object, at: Path, names: readonly string[]): void {
    const extra = Object.keys(m).filter((name) => !names.includes(name));
    for (const name of extra.sort(compareUTF8)) this.add('unknown', ...at, name);
  }
}

/** v as an object, if it is one. */
export function objectOf(v: unknown): { readonly [name: string]: Tree } | undefined {
  return typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as { [name: string]: Tree }) : undefined;
}

/** An own member of an object, undefined when it is not there: a key may have any name. */
export function get(m: object, name: string): Tree | undefined {
  return Object.hasOwn(m, name) ? (m as { [name: string]: Tree })[name] : undefined;
}
