import { effect, type Signal, signal } from '@preact/signals';

/** The languages of the screens. Japanese is what the others are translated from. */
export type Lang = 'ja' | 'en';

const remembered = 'tachiai.lang';

/** lang is the language of all screens of this page; documents have a language of their own. */
export const lang: Signal<Lang> = signal(first());

/** setLang changes the language, and remembers it where the browser allows that. */
export function setLang(next: Lang): void {
  lang.value = next;
  try {
    localStorage.setItem(remembered, next);
  } catch {
    // a page without storage forgets; it works all the same
  }
}

function first(): Lang {
  try {
    const kept = localStorage.getItem(remembered);
    if (kept === 'ja' || kept === 'en') return kept;
  } catch {
    // as above
  }
  return typeof navigator === 'undefined' || navigator.language.startsWith('ja') ? 'ja' : 'en';
}

if (typeof document !== 'undefined') {
  effect(() => {
    document.documentElement.lang = lang.value;
  });
}

export type Params = Readonly<Record<string, string | number>>;

export interface Dictionary<K extends string> {
  /** t is the text of a key in the current language; {name} is replaced by params.name. */
  t(key: K, params?: Params): string;
  lang: Signal<Lang>;
  setLang(next: Lang): void;
}

/** dictionary joins the two word lists of a realm. A key that one of them lacks does not compile. */
export function dictionary<K extends string>(
  ja: Readonly<Record<K, string>>,
  en: Readonly<Record<NoInfer<K>, string>>,
): Dictionary<K> {
  return {
    t: (key, params) => fill((lang.value === 'ja' ? ja : en)[key], params),
    lang,
    setLang,
  };
}

/** lateDictionary is a dictionary whose second list is loaded when it is wanted; until it is there, the first one speaks. */
export function lateDictionary<K extends string>(
  ja: Readonly<Record<K, string>>,
  load: () => Promise<Readonly<Record<NoInfer<K>, string>>>,
): Dictionary<K> & { ready(): Promise<void> } {
  const en = signal<Readonly<Record<K, string>> | undefined>(undefined);
  let loading: Promise<void> | undefined;
  const ready = async () => {
    if (lang.value === 'ja' || en.value) return;
    loading ??= load().then(
      (words) => {
        en.value = words;
      },
      () => {
        loading = undefined; // tried again at the next change of language
      },
    );
    await loading;
  };
  effect(() => {
    if (lang.value === 'en') void ready();
  });
  return { t: (key, params) => fill(((lang.value === 'en' && en.value) || ja)[key], params), lang, setLang, ready };
}

/** fill puts the parameters into a text. A name that is not given stays visible, so that it is noticed. */
export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{([A-Za-z_]+)\}/g, (whole, name: string) => {
    const value = params[name];
    return value === undefined ? whole : String(value);
  });
}
