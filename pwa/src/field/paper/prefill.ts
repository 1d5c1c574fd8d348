import { type Item, type Language, parseMoment, type Template } from '../../core/form/index.ts';
import type { Case, Member } from '../../core/history/index.ts';
import type { Tree } from '../../core/record/index.ts';
import { fact } from '../case/facts.ts';

export type Filled = Record<string, Tree>;

/** Where a value may come from before anybody has looked at it (docs/form.md section 5). */
export interface Sources {
  case: Case | undefined;
  profile: Pick<Member, 'name' | 'affiliation' | 'phone'> | undefined;
  /** The member as enrolment named him, while the feed has not come. */
  memberName: string;
  agency: { name: string; contact: string };
  /** Device clock, ms. */
  now: number;
  /** Code of the place of the visit. */
  place: string;
  documentNo: string;
}

/** The same values in another language: the texts that the paper itself brings are there in both. What somebody has written stays as he wrote it. */
export function translated(t: Template, values: Filled, to: Language): Filled {
  const next = { ...values };
  for (const { key, prefill: source, default: words } of t.items)
    if (source === 'default' && (values[key] === words.ja || values[key] === words.en)) next[key] = words[to];
  return next;
}

const japan = 9 * 3_600_000;

/** A moment as papers write it: Japan's clock, no seconds. */
export function moment(at: number): string {
  return new Date(at + japan).toISOString().slice(0, 16);
}

/** The values that the phone puts in; what is not known is absent. */
export function prefill(t: Template, s: Sources, lang: Language): Filled {
  const values: Filled = {};
  for (const item of t.items) {
    if (!item.prefill) continue;
    const v = sourceValue(item, s, lang);
    if (v !== undefined) values[item.key] = v;
  }
  return values;
}

function sourceValue(item: Item, s: Sources, lang: Language): Tree | undefined {
  const text = (v: string | undefined) => (v?.trim() ? v : undefined);
  const person = (name: string | undefined, kana: string) => {
    if (!name?.trim()) return undefined;
    return item.kana && kana ? { name, kana } : { name };
  };
  switch (item.prefill) {
    case 'default':
      return item.default[lang];
    case 'agency.name':
      return text(s.agency.name);
    case 'agency.contact':
      return text(s.agency.contact);
    case 'case.worker_name':
      return person(fact(s.case, 'worker_name'), fact(s.case, 'worker_kana'));
    case 'case.item_kind':
      return text(fact(s.case, 'item_kind') || fact(s.case, 'item'));
    case 'member.name':
      return person(s.profile?.name || s.memberName, '');
    case 'member.affiliation':
      return text(s.profile?.affiliation);
    case 'member.phone':
      return text(s.profile?.phone);
    case 'device.time':
      return moment(s.now);
    case 'device.place':
      return item.options.some((o) => o.code === s.place) ? s.place : undefined;
    case 'device.document_no':
      return text(s.documentNo);
    default: {
      const v = text(fact(s.case, item.prefill.replace(/^case\./, '')));
      if (item.type !== 'date') return v;
      return v && parseMoment(v)?.timed === false ? v : undefined;
    }
  }
}

/** A document number that two phones never share: the day, and the last letters of a fresh id. */
export function documentNo(template: string, now: number, id: string): string {
  const head =
    { disposal_declaration: 'DD', loss_report: 'LR', return_receipt: 'RR', absence_note: 'AN' }[template] ?? 'DC';
  return `${head}-${moment(now).slice(0, 10).replaceAll('-', '')}-${id.replaceAll('-', '').slice(-5).toUpperCase()}`;
}
