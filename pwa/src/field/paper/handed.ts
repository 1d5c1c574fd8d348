import { computed, signal } from '@preact/signals';
import { phone } from '../phone.ts';
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

/** As it was changed on this page; null: taken back, undefined: not changed. */
const changed = signal<Handed | null | undefined>(undefined);

/** What the worker holds now; undefined while the phone is the rep's. Asked only once the phone is open. */
export const handed = computed(() => {
  const over = changed.value;
  return over === undefined ? ((phone().mark('handed') ?? undefined) as Handed | undefined) : (over ?? undefined);
});

/** Hands the phone over, or takes it back. */
export function hand(over: Handed | undefined): void {
  changed.value = over ?? null;
  void phone()
    .remember('handed', over ?? null)
    .catch(() => undefined); // then it lasts as long as the page
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
