import type { Tree } from '../../core/record/index.ts';
import { formatDate, formatDateTime } from '../../ui/date.ts';
import { typedOf } from '../cases/facts.ts';
import { itemStateText } from '../label.ts';
import { t, word } from '../words/index.ts';

/** A fact of a case in words. */
export function factText(name: string, v: Tree): string {
  if (typeof v === 'boolean') return v ? t('yes') : t('no');
  if (typeof v === 'number') return /_at$/.test(name) ? formatDateTime(v) : String(v);
  if (typeof v !== 'string') return typedOf(v);
  if (/^\d{4}-\d{2}-\d{2}$/.test(v)) return formatDate(Date.parse(`${v}T00:00:00+09:00`));
  if (name === 'item_state') return itemStateText(v);
  return name === 'worker_language' ? word(`fact.language.${v}`, v) : v;
}
