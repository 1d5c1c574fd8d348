import { codePoints } from '../encoding/text.ts';
import { isBlank, isClean, isKana } from './character.ts';
import { type Moment, parseMoment } from './date.ts';
import { type Fault, Faults, get, objectOf, type Path } from './fault.ts';
import { type Condition, type Item, isValued, optionOf, type Template, type Values } from './form.ts';

const maxName = 100;

/**
 * Judges what was filled in. It returns no fault exactly when text has a text
 * for the values. Faults come in the template's order, unknown keys last; at
 * most 100 are returned.
 */
export function validate(t: Template, values: Values): Fault[] {
  return judge(t, values, false);
}

/** The same; for a client, who lacks the values of client-hidden items, none of those is missed. */
export function judge(t: Template, values: Values, client: boolean): Fault[] {
  const f = new Faults();
  const items = t.items.filter(isValued);
  for (const i of items) {
    const v = get(values, i.key);
    if (v !== undefined) value(f, i, v, [i.key]);
    else if ((i.required || holds(i.requiredIf, values)) && !(client && i.clientHidden)) f.add('required', i.key);
  }
  f.unknown(
    values,
    [],
    items.map((i) => i.key),
  );
  return f.list;
}

function holds(c: Condition | undefined, values: Values): boolean {
  const v = c && get(values, c.field);
  return typeof v === 'string' && c !== undefined && c.in.includes(v);
}

/** Notes at most one fault for a plain value, and one for each wrong member of a structured one. */
function value(f: Faults, i: Item, v: unknown, at: Path) {
  switch (i.type) {
    case 'text':
      return text(f, v, i.max, false, at);
    case 'paragraph':
      return text(f, v, i.max, true, at);
    case 'date':
    case 'datetime':
      if (typeof v !== 'string') f.add('type', ...at);
      else if (parseMoment(v)?.timed !== (i.type === 'datetime')) f.add('date', ...at);
      return;
    case 'range':
      return range(f, v, at);
    case 'choice':
      if (typeof v !== 'string') f.add('type', ...at);
      else if (!optionOf(i, v)) f.add('option', ...at);
      return;
    case 'check':
    case 'consent':
      if (typeof v !== 'boolean') f.add('type', ...at);
      else if (i.type === 'check' && i.required && !v) f.add('required', ...at);
      return;
    case 'person':
      return person(f, i, v, at);
    case 'table':
      return table(f, i, v, at);
    default:
  }
}

function text(f: Faults, v: unknown, most: number, lf: boolean, at: Path) {
  if (typeof v !== 'string') f.add('type', ...at);
  else if (!isClean(v, lf)) f.add('character', ...at);
  else if (isBlank(v)) f.add('empty', ...at);
  else if (codePoints(v) > most) f.add('too_long', ...at);
}

/** Judges a range: from alone is one point in time; about says that the person is not sure. */
function range(f: Faults, v: unknown, at: Path) {
  const m = objectOf(v);
  if (!m) return f.add('type', ...at);
  const before = f.list.length;
  const end = (name: string): { text: string; moment: Moment } | undefined => {
    const e = get(m, name);
    if (e === undefined) {
      if (name === 'from') f.add('required', ...at, name);
      return undefined;
    }
    const moment = typeof e === 'string' ? parseMoment(e) : undefined;
    if (typeof e !== 'string') f.add('type', ...at, name);
    else if (!moment) f.add('date', ...at, name);
    return typeof e === 'string' && moment ? { text: e, moment } : undefined;
  };
  const from = end('from');
  const to = end('to');
  const about = get(m, 'about');
  if (about !== undefined && typeof about !== 'boolean') f.add('type', ...at, 'about');
  if (from && to && f.list.length === before) {
    if (from.moment.timed !== to.moment.timed) f.add('date', ...at, 'to');
    else if (to.text < from.text) f.add('order', ...at, 'to');
  }
  f.unknown(m, at, ['from', 'to', 'about']);
}

function person(f: Faults, i: Item, v: unknown, at: Path) {
  const m = objectOf(v);
  if (!m) return f.add('type', ...at);
  const name = get(m, 'name');
  if (name === undefined) f.add('required', ...at, 'name');
  else text(f, name, maxName, false, [...at, 'name']);
  if (!i.kana) return f.unknown(m, at, ['name']);
  const reading = get(m, 'kana');
  if (reading === undefined) f.add('required', ...at, 'kana');
  else {
    const before = f.list.length;
    text(f, reading, maxName, false, [...at, 'kana']);
    if (f.list.length === before && !isKana(String(reading))) f.add('kana', ...at, 'kana');
  }
  f.unknown(m, at, ['name', 'kana']);
}

function table(f: Faults, i: Item, v: unknown, at: Path) {
  if (!Array.isArray(v)) return f.add('type', ...at);
  if (v.length === 0) return f.add('empty', ...at);
  if (v.length > i.maxRows) return f.add('too_many', ...at);
  for (const [n, row] of v.entries()) {
    const here = [...at, n];
    const m = objectOf(row);
    if (!m || Object.keys(m).length === 0) {
      f.add(m ? 'empty' : 'type', ...here);
      continue;
    }
    for (const c of i.columns) {
      const cell = get(m, c.key);
      if (cell !== undefined) value(f, c, cell, [...here, c.key]);
      else if (c.required) f.add('required', ...here, c.key);
    }
    f.unknown(
      m,
      here,
      i.columns.map((c) => c.key),
    );
  }
}
