import { dictionary } from '../../../ui/index.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';

export const { t, lang } = dictionary(ja, en);
