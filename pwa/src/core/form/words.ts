import { codePoints } from '../encoding/text.ts';
import type { Obj } from '../ijson/index.ts';
import type { Label } from '../record/index.ts';
import { isBlank, isClean } from './character.ts';
import { languages } from './form.ts';

const maxWords = 1000;

/** Reads a text that must be there in both languages, in one line. */
export function words(o: Obj, name: string): Label {
  const w = o.obj(name);
  w.only(...languages);
  const label = { ja: w.string('ja'), en: w.string('en') };
  for (const lang of languages) {
    const s = label[lang];
    const fits = !isBlank(s) && isClean(s, false) && codePoints(s) <= maxWords && !isBlank(s.slice(0, 1));
    if (w.kind(lang) === 'string' && !fits) {
      w.fault(lang, 'value', 'want one line, at most 1000 characters, that does not begin with white space');
    }
  }
  return label;
}

/** Reads [a-z][a-z0-9_]*, at most 40. */
export function key(o: Obj, name: string): string {
  const s = o.string(name);
  if (o.kind(name) !== 'string' || isKey(s)) return s;
  o.fault(name, 'value', 'want [a-z][a-z0-9_]*, at most 40');
  return '';
}

/** Reads the code of an option, which may also be one capital letter: the signing methods are P, H and O. */
export function code(o: Obj, name: string): string {
  const s = o.string(name);
  if (o.kind(name) === 'string' && !isKey(s) && !/^[A-Z]$/.test(s)) {
    o.fault(name, 'value', 'want [a-z][a-z0-9_]*, at most 40, or one of A-Z');
  }
  return s;
}

function isKey(s: string): boolean {
  return /^[a-z][a-z0-9_]{0,39}$/.test(s);
}

/** Reads an integer from 1 to most that may be absent. */
export function limit(o: Obj, name: string, otherwise: number, most: number): number {
  const n = o.optInt(name);
  if (n !== undefined && (n < 1 || n > most)) o.fault(name, 'value', `want 1 to ${most}`);
  return n ?? otherwise;
}

/** Notes a fault unless the text is one of a set. */
export function oneOf(o: Obj, name: string, s: string, set: readonly string[]): void {
  if (o.kind(name) === 'string' && !set.includes(s)) o.fault(name, 'value', 'not one of those known');
}
