import { dictionary, type Params } from '../../ui/words.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export const { t, lang, setLang } = dictionary(ja, en);

/** A key of the words. */
export type Key = keyof typeof ja;

/** The words of a key that is put together from data; otherwise, when there is none, those of another, or the text as it is. */
export function word(key: string, otherwise: string, params?: Params): string {
  return Object.hasOwn(ja, key) ? t(key as Key, params) : otherwise;
}
