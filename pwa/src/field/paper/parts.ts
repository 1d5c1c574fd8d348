import {
  type Item,
  isValued,
  type Language,
  type Presentation,
  type Template,
  text,
  validate,
} from '../../core/form/index.ts';
import type { Filled } from './prefill.ts';

/** The worker answers these after he has read the text: what he confirms, agrees to, reserves, and how he gets a copy. */
export function questions(t: Template): Item[] {
  return t.items.filter(
    (i) =>
      i.by === 'worker' && (i.type === 'check' || i.type === 'consent' || i.key === 'copy' || i.key === 'reservations'),
  );
}

/** The rep fills these in before he hands the phone over. */
export function repItems(t: Template): Item[] {
  return t.items.filter((i) => isValued(i) && (i.by === 'rep' || i.by === 'either'));
}

/** The worker says these in his own words, in hand-over mode, before he reads the whole. */
export function workerItems(t: Template): Item[] {
  const later = new Set(questions(t).map((i) => i.key));
  return t.items.filter((i) => isValued(i) && i.by === 'worker' && !later.has(i.key));
}

/** The item must be filled in, as things stand. */
export function isRequired(i: Item, values: Filled): boolean {
  const on = i.requiredIf && values[i.requiredIf.field];
  return i.required || (typeof on === 'string' && (i.requiredIf?.in.includes(on) ?? false));
}

/** What is still missing or wrong among some items, by key. */
export function faultsOf(
  t: Template,
  values: Filled,
  items: readonly Item[],
): Map<string, ReturnType<typeof validate>[number]> {
  const keys = new Set(items.map((i) => i.key));
  const found = new Map<string, ReturnType<typeof validate>[number]>();
  for (const f of validate(t, values)) {
    const key = f.pointer.split('/')[1] ?? '';
    if (keys.has(key) && !found.has(key)) found.set(key, f);
  }
  return found;
}

/**
 * The text as it stands while questions are open. What is not answered yet says
 * so; once all is answered it is letter by letter the text that is hashed.
 */
export function textSoFar(t: Template, values: Filled, lang: Language): string {
  const relaxed: Template = { ...t, items: t.items.map((i) => ({ ...i, required: false, requiredIf: undefined })) };
  return text(relaxed, values, lang);
}

/** One paper in two languages, passage beside passage; where they do not match, the second stands whole after the first. */
export function besides(main: string, other: string): { main: string; other: string }[] {
  const [a, b] = [main.split('\n\n'), other.split('\n\n')];
  return a.length === b.length ? a.map((passage, n) => ({ main: passage, other: b[n] ?? '' })) : [{ main, other }];
}

/** How the paper was shown so far, kept over a killed page. */
export interface Shown {
  /** How long the text has been on the screen, ms. */
  ms: number;
  scrolledToEnd: boolean;
  readAloud: boolean;
  /** When each consent was answered, counted like ms. */
  after: Record<string, number>;
}

export const unseen: Shown = { ms: 0, scrolledToEnd: false, readAloud: false, after: {} };

/** The evidence of how the paper was shown, in the form that is sealed. */
export function presentationOf(t: Template, values: Filled, lang: Language, shown: Shown): Presentation {
  const shownMS = Math.max(1, Math.min(24 * 3_600_000, Math.round(shown.ms)));
  return {
    template: t.id,
    version: t.version,
    lang,
    method: values.signature_method === 'P' ? 'P' : 'H',
    shownMS,
    scrolledToEnd: shown.scrolledToEnd,
    readAloud: shown.readAloud,
    consents: t.items
      .filter((i) => i.type === 'consent')
      .map((i) => ({
        key: i.key,
        given: values[i.key] === true,
        afterMS: Math.min(shownMS, Math.max(0, Math.round(shown.after[i.key] ?? 0))),
      })),
    copy: typeof values.copy === 'string' ? values.copy : '',
  };
}
