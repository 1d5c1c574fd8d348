import { codePoints } from '../encoding/text.ts';
import type { Obj } from '../ijson/index.ts';
import { type By, type Condition, type Item, itemOf, type Option, optionOf, type Template, type Type } from './form.ts';
import { type Allowed, sources } from './members.ts';
import { code, key, limit, oneOf, words } from './words.ts';

// Limits of what may be filled in, in characters (code points) or counts.
const maxText = 500;
const defaultText = 200;
const maxParagraph = 2000;
const defaultParagraph = 1000;
const maxRows = 50;
const defaultRows = 20;
const maxOptions = 30;
const maxColumns = 10;

const none = { ja: '', en: '' };

/** Reads one item with the members that allowed gives its type; inTable is the same for columns. */
export function item(o: Obj, allowed: Allowed, inTable: Allowed): Item {
  const type = o.string('type') as Type;
  const i: Item = {
    type,
    key: '',
    label: none,
    text: none,
    hint: none,
    required: false,
    requiredIf: undefined,
    by: '',
    prefill: '',
    default: none,
    clientHidden: false,
    stated: false,
    kana: false,
    max: 0,
    maxRows: 0,
    options: [],
    columns: [],
  };
  const names = Object.hasOwn(allowed, type) ? allowed[type] : undefined;
  if (!names) {
    if (o.kind('type') === 'string') o.fault('type', 'value', 'no such type here');
    return i;
  }
  o.only(...names);
  const may = (name: string) => names.includes(name);
  if (may('key')) i.key = key(o, 'key');
  if (may('label')) i.label = words(o, 'label');
  if (may('text')) i.text = words(o, 'text');
  if (may('hint') && o.has('hint')) i.hint = words(o, 'hint');
  const flag = (name: string) => (may(name) && o.optBool(name)) || false;
  i.required = flag('required');
  i.clientHidden = flag('client_hidden');
  i.stated = flag('stated');
  i.kana = flag('kana');
  if (may('by')) {
    i.by = o.string('by') as By;
    oneOf(o, 'by', i.by, ['worker', 'rep', 'either']);
  }
  prefill(o, i, may);
  if (may('required_if')) {
    i.requiredIf = condition(o);
    if (i.requiredIf && i.required) o.fault('required_if', 'value', 'required in any case');
  }
  if (type === 'text') i.max = limit(o, 'max', defaultText, maxText);
  if (type === 'paragraph') i.max = limit(o, 'max', defaultParagraph, maxParagraph);
  if (type === 'table') {
    i.maxRows = limit(o, 'rows', defaultRows, maxRows);
    i.columns = columns(o, inTable);
  }
  if (type === 'choice') i.options = options(o);
  if (i.prefill === 'default' && Math.max(codePoints(i.default.ja), codePoints(i.default.en)) > i.max) {
    o.fault('default', 'value', 'longer than max');
  }
  return i;
}

function prefill(o: Obj, i: Item, may: (name: string) => boolean): void {
  if (may('prefill')) {
    const source = o.optString('prefill');
    if (source !== undefined) {
      i.prefill = source;
      oneOf(o, 'prefill', source, sources);
    }
  }
  if (!may('default')) {
    if (i.prefill === 'default') o.fault('prefill', 'value', 'only for text and paragraph');
  } else if (i.prefill === 'default') {
    i.default = words(o, 'default');
  } else if (o.has('default')) {
    o.fault('default', 'unknown', 'only with prefill default');
  }
}

function columns(o: Obj, inTable: Allowed): Item[] {
  const arr = o.arr('columns');
  if (arr.length > maxColumns || (arr.length === 0 && o.kind('columns') === 'array')) {
    o.fault('columns', 'value', 'want 1 to 10');
    return [];
  }
  const list: Item[] = [];
  const objs: Obj[] = [];
  for (const c of arr.objs()) {
    list.push(item(c, inTable, {}));
    objs.push(c);
  }
  checkKeys(objs, list);
  return list;
}

function options(o: Obj): Option[] {
  const arr = o.arr('options');
  if (arr.length > maxOptions || (arr.length < 2 && o.kind('options') === 'array')) {
    o.fault('options', 'value', 'want 2 to 30');
    return [];
  }
  const list: Option[] = [];
  for (const p of arr.objs()) {
    p.only('code', 'label');
    const n = { code: code(p, 'code'), label: words(p, 'label') };
    for (const other of list) {
      if (other.code === n.code) p.fault('code', 'duplicate');
      if (other.label.ja === n.label.ja || other.label.en === n.label.en) p.fault('label', 'duplicate');
    }
    list.push(n);
  }
  return list;
}

function condition(o: Obj): Condition | undefined {
  const c = o.optObj('required_if');
  if (!c) return undefined;
  c.only('field', 'in');
  const list = c.arr('in');
  if (list.length > maxOptions || (list.length === 0 && c.kind('in') === 'array')) {
    c.fault('in', 'value', 'want 1 to 30');
    return undefined;
  }
  return { field: c.string('field'), in: list.strings() };
}

/** Wants each key once. */
export function checkKeys(objs: readonly Obj[], items: readonly Item[]): void {
  const seen = new Set<string>();
  items.forEach((i, n) => {
    if (i.key !== '' && seen.has(i.key)) objs[n]?.fault('key', 'duplicate');
    seen.add(i.key);
  });
}

/** Wants each condition to ask for options that exist. */
export function checkConditions(objs: readonly Obj[], t: Pick<Template, 'items'>): void {
  t.items.forEach((i, n) => {
    if (!i.requiredIf) return;
    const on = itemOf(t, i.requiredIf.field);
    if (on?.type !== 'choice' || on.key === i.key) {
      objs[n]?.fault('required_if', 'value', 'no such choice');
      return;
    }
    for (const c of i.requiredIf.in) if (!optionOf(on, c)) objs[n]?.fault('required_if', 'value', 'no such option');
  });
}
