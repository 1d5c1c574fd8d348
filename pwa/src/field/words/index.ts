import { dictionary } from '../../ui/index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export const { t, lang, setLang } = dictionary(ja, en);
