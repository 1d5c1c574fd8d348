import { type Fault, Faults, get, objectOf } from './fault.ts';
import { itemOf, type Language, languages, type Template, type Values } from './form.ts';
import { isMethod, type Method } from './method.ts';
import { Reader } from './reader.ts';
import { maxItems } from './template.ts';
import { clientText, text, textHash } from './text.ts';

/**
 * How a paper was shown and agreed to: the evidence that a declaration was made
 * of free will. It is the value of the field "presentation" of
 * declaration.signed and item.received (docs/form.md section 7). The hash of
 * the text that was shown is a field of its own, text_sha256, so that it can be
 * withheld: who knows the rest of a paper could guess a hidden value by it.
 */
export interface Presentation {
  /** Template id. */
  template: string;
  version: number;
  /** The language in which it was read. */
  lang: Language;
  method: Method;
  /** How long the text was on the screen before signing began, ms. */
  shownMS: number;
  scrolledToEnd: boolean;
  readAloud: boolean;
  /** One per consent of the template, in its order. */
  consents: Consent[];
  /** How the signer gets a copy: the value of the item "copy". */
  copy: string;
}

/** One answer to one question. afterMS is when it was given, counted from the moment the text appeared. */
export interface Consent {
  key: string;
  given: boolean;
  afterMS: number;
}

/** A day: longer than any hearing. */
const maxShownMS = 24 * 60 * 60 * 1000;

/** The presentation as the plain value that is sealed. */
export function presentationValue(p: Presentation): Values {
  return {
    template: p.template,
    version: p.version,
    lang: p.lang,
    method: p.method,
    shown_ms: p.shownMS,
    scrolled_to_end: p.scrolledToEnd,
    read_aloud: p.readAloud,
    consents: p.consents.map((c) => ({ key: c.key, given: c.given, after_ms: c.afterMS })),
    copy: p.copy,
  };
}

/** Reads what presentationValue writes. All members are required. */
export function parsePresentation(v: Values): { presentation: Presentation; faults: Fault[] } {
  const f = new Faults();
  const r = new Reader(v, [], f);
  const template = r.text('template');
  const version = r.number('version', 1, 9999);
  const lang = r.text('lang') as Language;
  const method = r.text('method') as Method;
  const shownMS = r.number('shown_ms', 0, maxShownMS);
  const scrolledToEnd = r.bool('scrolled_to_end');
  const readAloud = r.bool('read_aloud');
  const copy = r.text('copy');
  const consents = parseConsents(r, f);
  if (lang && !languages.includes(lang)) f.add('value', 'lang');
  if (method && !isMethod(method)) f.add('value', 'method');
  const p = { template, version, lang, method, shownMS, scrolledToEnd, readAloud, consents, copy };
  f.unknown(v, [], Object.keys(presentationValue(p)));
  return { presentation: p, faults: f.list };
}

function parseConsents(r: Reader, f: Faults): Consent[] {
  const list = r.list('consents');
  if (list.length > maxItems) {
    f.add('too_many', 'consents');
    return [];
  }
  return list.flatMap((e, n) => {
    const at = ['consents', n];
    const m = objectOf(e);
    if (!m) {
      f.add('type', ...at);
      return [];
    }
    const c = new Reader(m, at, f);
    const consent = { key: c.text('key'), given: c.bool('given'), afterMS: c.number('after_ms', 0, maxShownMS) };
    f.unknown(m, at, ['key', 'given', 'after_ms']);
    return [consent];
  });
}

/**
 * Holds a presentation against the paper: this template, these values, exactly
 * this text (textSHA256 is the record's field text_sha256), read to the end or
 * aloud, each consent answered as in the values. Pointers are into the
 * presentation, but for /text_sha256, which stands beside it. Values with faults
 * of their own give a mismatch there, because they have no text.
 */
export async function checkPresentation(
  p: Presentation,
  t: Template,
  values: Values,
  textSHA256: string,
): Promise<Fault[]> {
  return check(p, t, values, false, textSHA256);
}

/**
 * The same for who holds only what a client edition discloses: it is the
 * client's text that must be the sealed one (clientTextSHA256 is the field
 * client_text_sha256; pointer /client_text_sha256). So nothing can be withheld
 * and pass for not filled in.
 */
export async function checkClientPresentation(
  p: Presentation,
  t: Template,
  values: Values,
  clientTextSHA256: string,
): Promise<Fault[]> {
  return check(p, t, values, true, clientTextSHA256);
}

async function check(p: Presentation, t: Template, values: Values, client: boolean, sha256: string): Promise<Fault[]> {
  const f = new Faults();
  if (p.template !== t.id) f.add('mismatch', 'template');
  if (p.version !== t.version) f.add('mismatch', 'version');
  const hash = await hashOf(client ? clientText : text, t, values, p.lang);
  if (hash !== sha256) f.add('mismatch', client ? 'client_text_sha256' : 'text_sha256');
  const method = get(values, 'signature_method');
  if (typeof method === 'string' && method !== p.method) f.add('mismatch', 'method');
  if (p.shownMS === 0) f.add('value', 'shown_ms');
  if (!p.scrolledToEnd && !p.readAloud) f.add('required', 'scrolled_to_end');
  const asked = t.items.filter((i) => i.type === 'consent');
  if (asked.length !== p.consents.length) f.add('mismatch', 'consents');
  else {
    p.consents.forEach((c, n) => {
      if (c.key !== asked[n]?.key) f.add('mismatch', 'consents', n, 'key');
      else if (c.given !== (get(values, c.key) === true)) f.add('mismatch', 'consents', n, 'given');
      else if (c.afterMS > p.shownMS) f.add('order', 'consents', n, 'after_ms');
    });
  }
  const copy = get(values, 'copy');
  const hidden = client && itemOf(t, 'copy')?.clientHidden;
  if ((typeof copy === 'string' ? copy : '') !== p.copy && !hidden) f.add('mismatch', 'copy');
  return f.list;
}

/** The hash of the text, undefined when there is none. */
async function hashOf(render: typeof text, t: Template, values: Values, lang: Language): Promise<string | undefined> {
  try {
    return await textHash(render(t, values, lang));
  } catch {
    return undefined; // values with faults, or a language that is none
  }
}
