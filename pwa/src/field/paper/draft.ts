import type { Language, Template } from '../../core/form/index.ts';
import { phone } from '../phone.ts';
import type { Taken } from '../photo/slot.ts';
import { blank, type Ink } from './pad.ts';
import { questions, type Shown, unseen } from './parts.ts';
import { type Filled, translated } from './prefill.ts';

/** Where a paper stands: with the rep, then with the worker, who answers, reads and signs, or does not. */
export type Stage = 'rep' | 'welcome' | 'answer' | 'read' | 'decline';

/** A paper that is not in a record yet. All of it is kept at each step, the strokes at each pen-up. */
export interface PaperDraft {
  template: string;
  version: number;
  stage: Stage;
  lang: Language;
  values: Filled;
  shown: Shown;
  ink: Ink;
  /** Of method P: where the original is kept, and how many pages were photographed. */
  paperKept: string;
  pages: number;
  /** The random secret behind the worker's copy, and the digits that he chose for it. */
  copySecret: string;
  copyCode: string;
  /** Words of the worker's own that are being written, by the key of their question, before he puts them into the paper. */
  typed?: { [key: string]: string };
  /** Why the worker does not sign, as far as it is written. */
  reason?: string;
  /** The second hand on a receipt: the one who returned the item signs the text that the rep has signed. */
  second?: boolean;
  /** Device clock, ms: when it was kept last. */
  at: number;
}

/** The key of a paper's draft. */
export const paperKey = (visit: string, template: string) => `paper/${visit}/${template}`;

/** The key of one photographed page of a paper. */
export const pageKey = (visit: string, template: string, n: number) => `page/${visit}/${template}/${n}`;

/** A paper before anything is written on it. */
export function newDraft(template: string, version: number, lang: Language, values: Filled, at: number): PaperDraft {
  return {
    template,
    version,
    stage: 'rep',
    lang,
    values,
    shown: unseen,
    ink: blank,
    paperKept: '',
    pages: 0,
    copySecret: '',
    copyCode: '',
    at,
  };
}

/**
 * The paper with other words on it: it is read anew and signed anew, for no hand
 * may stand under a text that it was not written under. What the worker has
 * confirmed stands when the words are his own, and is asked again after the rep's.
 */
export function rewritten(t: Template, d: PaperDraft, values: Filled, by: 'rep' | 'worker'): Partial<PaperDraft> {
  if (by === 'worker') return { values, ink: blank, shown: { ...d.shown, scrolledToEnd: false, readAloud: false } };
  return { values: withoutAnswers(t, values), ink: blank, shown: unseen };
}

/** What is filled in, without what the worker has answered after reading. */
export function withoutAnswers(t: Template, values: Filled): Filled {
  const asked = new Set(questions(t).map((i) => i.key));
  return Object.fromEntries(Object.entries(values).filter(([key]) => !asked.has(key)));
}

/** The paper in another language: another text, which is read anew, answered anew, and signed anew. */
export function turned(t: Template, d: PaperDraft, lang: Language): Partial<PaperDraft> {
  return { lang, ...rewritten(t, d, translated(t, d.values, lang), 'rep') };
}

/** The rep signs it himself: nobody is handed the phone. */
export function isOwn(t: Pick<Template, 'author'>, d: Pick<PaperDraft, 'second'>): boolean {
  return t.author === 'agency' && d.second !== true;
}

/**
 * A paper that the worker has read, answered and signed with a pen, and whose pages are photographed: what is left to do is the rep's, also when the
 * worker is not there any more.
 */
export function isPenned(t: Pick<Template, 'author'>, d: PaperDraft): boolean {
  const isRead = d.shown.scrolledToEnd || d.shown.readAloud;
  return !isOwn(t, d) && d.values.signature_method === 'P' && d.pages > 0 && isRead;
}

/** The keys of the photographed pages, in their order. */
export const pageKeys = (visit: string, d: Pick<PaperDraft, 'template' | 'pages'>) =>
  Array.from({ length: d.pages }, (_, n) => pageKey(visit, d.template, n + 1));

/** The photographed pages in their order. */
export async function pagesOf(visit: string, d: Pick<PaperDraft, 'template' | 'pages'>): Promise<Taken[]> {
  const pages = await Promise.all(pageKeys(visit, d).map((k) => phone().drafts.get<Taken>(k)));
  return pages.filter((p) => p !== undefined);
}
