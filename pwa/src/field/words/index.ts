import { lateDictionary } from '../../ui/index.ts';
import { ja } from './ja.ts';

/** The words of the list and of all that begins there; English comes when it is chosen. */
export const { t, lang, setLang, ready } = lateDictionary(ja, () => import('./en.ts').then((m) => m.en));
