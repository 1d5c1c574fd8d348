import { signal } from '@preact/signals';
import { setLang } from '../words/index.ts';

/** A paper that is in the worker's hands: the phone shows it and nothing else, also after it was killed. */
export interface Handed {
  visit: string;
  template: string;
  /** Hash of the record, once it is sealed and waits to be taken back. */
  sealed?: string;
  declined?: boolean;
  /** The rep's own language, to return to. */
  lang: 'ja' | 'en';
}

const key = 'tachiai.handed';

function read(): Handed | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Handed | null;
    return kept && typeof kept.visit === 'string' && typeof kept.template === 'string' ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** What the worker holds now; undefined while the phone is the rep's. */
export const handed = signal<Handed | undefined>(read());

/** Hands the phone over, or takes it back. */
export function hand(over: Handed | undefined): void {
  handed.value = over;
  try {
    if (over) localStorage.setItem(key, JSON.stringify(over));
    else localStorage.removeItem(key);
  } catch {
    // without storage the lock lasts as long as the page
  }
}

/** The rep has the phone again, in his own language; to: where he goes on, by an address that changes without a reload. */
export function takeBack(to?: string): void {
  const mine = handed.peek()?.lang;
  hand(undefined);
  if (mine) setLang(mine);
  if (to === undefined) return;
  history.replaceState(null, '', to);
  dispatchEvent(new PopStateEvent('popstate'));
}
