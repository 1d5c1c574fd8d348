import { formatMoment, itemOf, type Language, optionOf, parseMoment } from '../core/form/index.ts';
import { inLanguage, type Tree } from '../core/record/index.ts';
import type { Paper } from './paper.ts';

/** answerOf is one filled-in value of a paper as a reader sees it; undefined when it is not there, or is not disclosed. */
export function answerOf(p: Paper, key: string, lang: Language): string | undefined {
  const v = p.values[key];
  const item = itemOf(p.template, key);
  if (v === undefined || v === null || item === undefined || (item.clientHidden && !p.whole)) return undefined;
  switch (item.type) {
    case 'choice': {
      const option = optionOf(item, String(v));
      return option && inLanguage(option.label, lang);
    }
    case 'person':
      return personOf(v);
    case 'date':
    case 'datetime': {
      const moment = parseMoment(String(v));
      return moment && formatMoment(moment, lang);
    }
    default:
      return typeof v === 'string' ? v : undefined;
  }
}

function personOf(v: Tree): string | undefined {
  if (typeof v !== 'object' || v === null || Array.isArray(v) || typeof v.name !== 'string') return undefined;
  return typeof v.kana === 'string' ? `${v.name}(${v.kana})` : v.name;
}

/** titleOf is the paper's own name. */
export function titleOf(p: Paper, lang: Language): string {
  return inLanguage(p.template.title, lang);
}
