import type { Type } from './form.ts';

/** The members that an item of each type may have. */
export type Allowed = Partial<Record<string, readonly string[]>>;

const valued = 'type key label hint required required_if by prefill client_hidden'.split(' ');

/** What an item of the paper may have. */
export const inItems: Allowed = {
  section: ['type', 'label'],
  sentence: ['type', 'text'],
  text: [...valued, 'default', 'stated', 'max'],
  paragraph: [...valued, 'default', 'stated', 'max'],
  date: valued,
  datetime: valued,
  range: valued,
  choice: [...valued, 'options'],
  check: ['type', 'key', 'text', 'hint', 'required', 'by', 'client_hidden'],
  consent: ['type', 'key', 'label', 'text', 'hint', 'required', 'by'],
  person: [...valued, 'kana'],
  table: [...valued.filter((name) => name !== 'prefill'), 'rows', 'columns'],
  signature: ['type', 'key', 'label', 'required', 'by'],
} satisfies Record<Type, readonly string[]>;

const cell = ['type', 'key', 'label', 'hint', 'required'];

/** What a column of a table may have. None is client-hidden: a table is one field, and a field is withheld whole. */
export const inTable: Allowed = {
  text: [...cell, 'max'],
  date: cell,
  datetime: cell,
  range: cell,
  choice: [...cell, 'options'],
};

/** Sources of a prefilled value (docs/form.md section 5). */
export const sources: readonly string[] = [
  'default',
  'agency.name',
  'agency.contact',
  'case.client',
  'case.assignment',
  'case.contract_end',
  'case.worker_name',
  'case.address',
  'case.worker_phone',
  'case.worker_staff_no',
  'case.item_kind',
  'case.item_printed_no',
  'case.item_count',
  'case.item_lent_on',
  'case.item_accessories',
  'member.name',
  'member.affiliation',
  'member.phone',
  'device.time',
  'device.place',
  'device.document_no',
];
