import { dictionary } from '../../ui/index.ts';
import { en } from './redact.en.ts';
import { ja } from './redact.ja.ts';

export const { t } = dictionary(ja, en);
