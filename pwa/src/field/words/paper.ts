import { dictionary } from '../../ui/index.ts';
import { en } from './paper.en.ts';
import { ja } from './paper.ja.ts';

export const { t } = dictionary(ja, en);
