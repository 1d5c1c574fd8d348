import { dictionary } from '../../ui/index.ts';
import { en } from './photo.en.ts';
import { ja } from './photo.ja.ts';

export const { t } = dictionary(ja, en);
