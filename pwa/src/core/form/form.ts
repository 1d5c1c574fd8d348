/**
 * Package form holds the papers: declaration templates as data, what may be
 * filled into them, the exact text that is shown and hashed, and the evidence of
 * how it was shown and signed (docs/form.md). It is the twin of sync/form.
 *
 * A template is never changed once it is published. validate judges values, text
 * renders them; both are pure, so phone, server and verifier get the same bytes.
 */
import type { Label, Tree } from '../record/index.ts';

/** The languages that every template is complete in. ja is the reference. */
export const languages = ['ja', 'en'] as const;
export type Language = (typeof languages)[number];

/** What an item is and what value it takes (docs/form.md section 3). */
export type Type =
  | 'section' // heading; no value
  | 'sentence' // static sentence; no value
  | 'text' // string, one line
  | 'paragraph' // string, may hold LF
  | 'date' // "2026-11-20"
  | 'datetime' // "2026-11-20T21:35", Japan time
  | 'range' // {"from","to"?,"about"?}
  | 'choice' // code of one option
  | 'check' // boolean, a tick before a sentence
  | 'consent' // boolean, both answers are valid
  | 'person' // {"name","kana"?}
  | 'table' // array of {column: value}
  | 'signature'; // label only; the strokes are a field of their own

/** Who fills an item: the worker himself in hand-over mode, the rep, or either. */
export type By = 'worker' | 'rep' | 'either';

/** One version of one paper. */
export interface Template {
  id: string;
  version: number;
  author: 'worker' | 'agency';
  title: Label;
  items: Item[];
  /** Hex, over its JSON without white space, members in their order. */
  sha256: string;
}

/** One line of the paper, or one column of a table. Members that do not belong to its type are empty. */
export interface Item {
  type: Type;
  /** The record's field is "field.<key>". */
  key: string;
  label: Label;
  /** sentence, check, consent */
  text: Label;
  /** Shown while filling in, never part of the text. */
  hint: Label;
  required: boolean;
  requiredIf: Condition | undefined;
  by: By | '';
  /** A source of docs/form.md section 5, or "" for none. */
  prefill: string;
  /** Only with prefill "default". */
  default: Label;
  /** Personal data that the client edition leaves out. */
  clientHidden: boolean;
  /** Rendered as a quotation: 「…」と述べた */
  stated: boolean;
  /** person: the reading is asked for. */
  kana: boolean;
  /** text, paragraph: longest value in characters (code points). */
  max: number;
  /** table */
  maxRows: number;
  options: Option[];
  columns: Item[];
}

/** Makes an item required when the choice field has a value in in. */
export interface Condition {
  field: string;
  in: string[];
}

/** One answer of a choice. */
export interface Option {
  code: string;
  label: Label;
}

/** What was filled in, by key, as record's tree gives it. */
export type Values = { readonly [key: string]: Tree };

/** The item takes a value. */
export function isValued(i: Item): boolean {
  return i.type !== 'section' && i.type !== 'sentence' && i.type !== 'signature';
}

/** The item that has the key. */
export function itemOf(t: Pick<Template, 'items'>, key: string): Item | undefined {
  return key === '' ? undefined : t.items.find((i) => i.key === key);
}

/** The option that has the code. */
export function optionOf(i: Item, code: string): Option | undefined {
  return i.options.find((o) => o.code === code);
}
