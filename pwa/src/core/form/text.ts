import { sha256 } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';
import { inLanguage, type Label, type Tree } from '../record/index.ts';
import { formatMoment, type Moment, parseMoment } from './date.ts';
import { type Fault, get, objectOf } from './fault.ts';
import { type Item, type Language, optionOf, type Template, type Values } from './form.ts';
import { judge } from './validate.ts';

/** The values have faults; what is not valid has no text. */
export class ValuesError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(`values have faults: ${faults[0]?.code} at ${faults[0]?.pointer}`);
    this.name = 'ValuesError';
    this.faults = faults;
  }
}

/**
 * The exact text that is shown before signing and whose hash is sealed: lines
 * end with LF, values as given. The rules are docs/form.md section 6. It holds
 * neither the strokes nor the time of signing, which do not exist when the text
 * is shown. Throws a ValuesError.
 */
export function text(t: Template, values: Values, lang: Language): string {
  return render(t, values, lang, false);
}

/**
 * The same text with the values of client-hidden items left out, and says so in
 * their place, whether they were filled in or not: who holds only what a client
 * edition discloses (clientShows) gets the same. Its hash is the field
 * client_text_sha256.
 */
export function clientText(t: Template, values: Values, lang: Language): string {
  const hidden = new Set(t.items.filter((i) => i.clientHidden).map((i) => i.key));
  const shown = Object.fromEntries(Object.entries(values).filter(([key]) => !hidden.has(key)));
  return render(t, shown, lang, true);
}

/** The SHA-256 of a text's UTF-8 in lower-case hex: the field text_sha256. */
export async function textHash(text: string): Promise<string> {
  return encodeHex(await sha256(text));
}

/** The words that belong to the rendering and to no template. */
const phrases = {
  ja: {
    form: (id: string, version: number) => `(様式 ${id} 第${version}版)`,
    colon: '：',
    section: (label: string) => `【${label}】`,
    kana: '(フリガナ)',
    none: '(記入なし)',
    hidden: '(提供先には開示しません)',
    stated: (s: string) => `「${s}」と述べた`,
    ticked: '［レ］',
    unticked: '［　］',
    agree: '［同意する］',
    disagree: '［同意しない］',
    unanswered: '［未回答］',
    about: (m: string) => `${m}頃`,
    span: (a: string, b: string) => `${a}から${b}まで`,
  },
  en: {
    form: (id: string, version: number) => `(Form ${id}, version ${version})`,
    colon: ': ',
    section: (label: string) => `== ${label} ==`,
    kana: ' (reading)',
    none: '(not filled in)',
    hidden: '(not disclosed to the client)',
    stated: (s: string) => `stated: “${s}”`,
    ticked: '[x] ',
    unticked: '[ ] ',
    agree: '[I agree] ',
    disagree: '[I do not agree] ',
    unanswered: '[not answered] ',
    about: (m: string) => `around ${m}`,
    span: (a: string, b: string) => `from ${a} to ${b}`,
  },
};

/** Stands before every line that is not at the left edge, so no value can pass for a line of the form. */
const indent = '    ';

function render(t: Template, values: Values, lang: Language, client: boolean): string {
  const faults = judge(t, values, client);
  if (faults.length > 0) throw new ValuesError(faults);
  const w = new Writer(lang, client);
  w.line('', inLanguage(t.title, lang));
  w.line('', phrases[lang].form(t.id, t.version));
  for (const i of t.items) w.paperItem(i, get(values, i.key));
  return w.lines.join('');
}

class Writer {
  readonly lines: string[] = [];
  readonly #lang: Language;
  readonly #client: boolean;

  constructor(lang: Language, client: boolean) {
    this.#lang = lang;
    this.#client = client;
  }

  line(margin: string, s: string): void {
    this.lines.push(`${margin}${s}\n`);
  }

  #in(label: Label): string {
    return inLanguage(label, this.#lang);
  }

  paperItem(i: Item, v: Tree | undefined): void {
    switch (i.type) {
      case 'section':
        this.line('', '');
        this.line('', phrases[this.#lang].section(this.#in(i.label)));
        break;
      case 'sentence':
        this.line('', this.#in(i.text));
        break;
      case 'signature':
        this.line('', this.#in(i.label));
        break;
      case 'check':
      case 'consent':
        this.line('', this.#tick(i, v));
        break;
      default:
        this.item('', i, v);
    }
  }

  #tick(i: Item, v: Tree | undefined): string {
    const p = phrases[this.#lang];
    const text = this.#in(i.text);
    if (this.#client && i.clientHidden) return text + p.colon + p.hidden;
    if (i.type === 'check') return (v === true ? p.ticked : p.unticked) + text;
    const answer = v === true ? p.agree : v === false ? p.disagree : p.unanswered;
    return answer + this.#in(i.label) + p.colon + text;
  }

  /** Writes one labelled value; undefined where nothing was filled in. */
  item(margin: string, i: Item, v: Tree | undefined) {
    const p = phrases[this.#lang];
    const label = this.#in(i.label);
    const head = label + p.colon;
    const quoted = (s: string) => (i.stated ? p.stated(s) : s);
    if (this.#client && i.clientHidden) return this.line(margin, head + p.hidden);
    if (v === undefined) return this.line(margin, head + p.none);
    switch (i.type) {
      case 'text':
        return this.line(margin, head + quoted(String(v)));
      case 'paragraph':
        this.line(margin, head.replace(/ +$/, ''));
        for (const s of quoted(String(v)).split('\n')) this.line(margin + indent, s);
        return;
      case 'date':
      case 'datetime':
        return this.line(margin, head + this.#moment(v));
      case 'range':
        return this.line(margin, head + this.#span(v));
      case 'choice':
        return this.line(margin, head + this.#in(optionOf(i, String(v))?.label ?? { ja: '', en: '' }));
      case 'person':
        this.line(margin, head + String(objectOf(v)?.name));
        if (i.kana) this.line(margin, label + p.kana + p.colon + String(objectOf(v)?.kana));
        return;
      case 'table':
        this.line(margin, head.replace(/ +$/, ''));
        (v as Tree[]).forEach((row, n) => {
          this.line(margin + indent, `(${n + 1})`);
          for (const c of i.columns) this.item(margin + indent + indent, c, get(objectOf(row) ?? {}, c.key));
        });
        return;
      default:
    }
  }

  #moment(v: Tree | undefined): string {
    return formatMoment(parseMoment(String(v)) as Moment, this.#lang); // validate has seen to it
  }

  #span(v: Tree): string {
    const p = phrases[this.#lang];
    const m = objectOf(v) ?? {};
    const one = (v: Tree | undefined) => (m.about === true ? p.about(this.#moment(v)) : this.#moment(v));
    return m.to === undefined || m.to === m.from ? one(m.from) : p.span(one(m.from), one(m.to));
  }
}
