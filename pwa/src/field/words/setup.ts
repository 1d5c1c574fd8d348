import { dictionary } from '../../ui/index.ts';
import { en } from './setup.en.ts';
import { ja } from './setup.ja.ts';

export const { t } = dictionary(ja, en);
