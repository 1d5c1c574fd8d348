import { dictionary } from '../../ui/index.ts';
import { en } from './outbox.en.ts';
import { ja } from './outbox.ja.ts';

export const { t } = dictionary(ja, en);
