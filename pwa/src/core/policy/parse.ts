import { codePoints } from '../encoding/text.ts';
import { Faults, type Obj, obj, parse as parseJSON } from '../ijson/index.ts';
import type { Label } from '../record/index.ts';
import { type Check, covers, type Level, type PhotoRole, type Policy, type Rule } from './policy.ts';

/** Not a conduct policy. The faults are found with ijson's list. */
export class PolicyError extends Error {
  constructor(cause: unknown) {
    super(`not a conduct policy: ${cause instanceof Error ? cause.message : ''}`, { cause });
    this.name = 'PolicyError';
  }
}

const maxRules = 50;
const maxRoles = 50;
const maxWords = 500;

/**
 * What a rule of each check has besides id, check, level, text and source; in
 * the order in which missing checks are named.
 */
const memberNames: Record<Check, string[]> = {
  hours: ['from', 'to', 'agreed_level'],
  attempts_before_first: ['limit'],
  visits_per_day: ['limit'],
  visits_per_week: ['limit'],
  told_not_to_come: [],
  disputed: [],
  photo_role: [],
  photo_reason: [],
  watch: ['limit'],
};

/**
 * Reads a policy strictly, so that one which an office published with a mistake
 * in it is refused as a whole and the one before stays in force. An office may
 * set hours, limits and levels, but it cannot drop a rule silently: each check
 * must be there (hours at least once, the others exactly once), and after
 * 来ないで and after 係争 visits are always blocked. Throws a PolicyError.
 */
export function parse(data: Uint8Array): Policy {
  try {
    const f = new Faults();
    const p = read(obj(parseJSON(data), f));
    f.check();
    return p;
  } catch (cause) {
    throw new PolicyError(cause);
  }
}

function read(o: Obj): Policy {
  o.only('v', 'version', 'zone', 'rules', 'photo_roles');
  const v = o.int('v');
  if (o.kind('v') === 'integer' && v !== 1) o.fault('v', 'value', 'want 1');
  const version = o.string('version');
  if (o.kind('version') === 'string' && !/^[a-z0-9][a-z0-9.-]{0,63}$/.test(version)) {
    o.fault('version', 'value', 'want [a-z0-9][a-z0-9.-]*, at most 64');
  }
  const z = o.obj('zone');
  z.only('name', 'offset_minutes');
  const zone = z.string('name');
  const offsetMinutes = z.int('offset_minutes');
  if (z.kind('name') === 'string' && (zone === '' || zone.length > 64)) z.fault('name', 'value', 'want 1 to 64');
  if (Math.abs(offsetMinutes) > 14 * 60) z.fault('offset_minutes', 'value', 'want -840 to 840');
  const rules = readRules(o);
  return { version, zone, offsetMinutes, rules, photoRoles: readRoles(o) };
}

function readRules(o: Obj): Rule[] {
  const list: Rule[] = [];
  const arr = o.arr('rules');
  if (arr.length > maxRules) {
    o.fault('rules', 'value', 'at most 50');
    return list;
  }
  for (const ro of arr.objs()) {
    const r = readRule(ro);
    for (const other of list) {
      if (other.id === r.id && r.id !== '') ro.fault('id', 'duplicate');
      if (other.check === r.check && r.check !== 'hours' && r.check !== '') ro.fault('check', 'duplicate');
      if (other.check === 'hours' && r.check === 'hours' && overlap(other, r)) {
        arr.fault(list.length, 'value', 'hours overlap');
      }
    }
    list.push(r);
  }
  for (const check of Object.keys(memberNames)) {
    if (o.kind('rules') === 'array' && !list.some((r) => r.check === check)) o.fault('rules', 'missing', check);
  }
  return list;
}

function readRule(o: Obj): Rule {
  const id = o.string('id');
  const name = o.string('check');
  const level = readLevel(o, 'level');
  const text = readWords(o, 'text');
  const r: Rule = {
    id,
    check: '',
    level,
    agreedLevel: '',
    from: 0,
    to: 0,
    limit: 0,
    text,
    source: readWords(o, 'source'),
  };
  if (o.kind('id') === 'string' && !isLower(id)) o.fault('id', 'value', 'want [a-z][a-z0-9_]*, at most 40');
  if (!Object.hasOwn(memberNames, name)) {
    if (o.kind('check') === 'string') o.fault('check', 'value', 'no such check');
    return r;
  }
  r.check = name as Check;
  const more = memberNames[r.check];
  o.only('id', 'check', 'level', 'text', 'source', ...more);
  if (r.check === 'hours') {
    r.from = readMinutes(o, 'from');
    r.to = readMinutes(o, 'to');
    if (r.from === r.to && r.from >= 0) o.fault('to', 'value', 'want another than from');
    r.agreedLevel = readLevel(o, 'agreed_level');
    if (level === 'warn' && r.agreedLevel === 'block') {
      o.fault('agreed_level', 'value', 'stricter than without agreement');
    }
  } else if (more.length > 0) {
    r.limit = o.int('limit');
    if (o.kind('limit') === 'integer' && (r.limit < 1 || r.limit > 1000)) o.fault('limit', 'value', 'want 1 to 1000');
  } else if ((r.check === 'told_not_to_come' || r.check === 'disputed') && level === 'warn') {
    o.fault('level', 'value', 'want block');
  } else if ((r.check === 'photo_role' || r.check === 'photo_reason') && level === 'block') {
    o.fault('level', 'value', 'want warn: what was taken is kept');
  }
  if (r.check === 'watch' && level === 'block') o.fault('level', 'value', 'want warn: the visit has begun');
  return r;
}

function readRoles(o: Obj): PhotoRole[] {
  const list: PhotoRole[] = [];
  const arr = o.arr('photo_roles');
  if (arr.length > maxRoles) {
    o.fault('photo_roles', 'value', 'at most 50');
    return list;
  }
  for (const ro of arr.objs()) {
    ro.only('code', 'name', 'paged', 'reason');
    const r = {
      code: ro.string('code'),
      name: readWords(ro, 'name'),
      paged: ro.optBool('paged') ?? false,
      reason: ro.optBool('reason') ?? false,
    };
    if (ro.kind('code') === 'string' && !isLower(r.code)) {
      ro.fault('code', 'value', 'want [a-z][a-z0-9_]*, at most 40');
    }
    if (r.code !== '' && list.some((other) => other.code === r.code)) ro.fault('code', 'duplicate');
    list.push(r);
  }
  return list;
}

/** Reports whether two rules of hours share a minute. */
function overlap(a: Rule, b: Rule): boolean {
  if (Math.min(a.from, a.to, b.from, b.to) < 0 || a.from === a.to || b.from === b.to) return false; // faulty already
  return covers(a, b.from) || covers(b, a.from);
}

function readLevel(o: Obj, name: string): Level {
  const level = o.string(name);
  if (o.kind(name) === 'string' && level !== 'warn' && level !== 'block') o.fault(name, 'value', 'want warn or block');
  return level as Level;
}

/** Reads "HH:MM", 00:00 to 23:59, as minutes of the day; -1 if it is not. */
function readMinutes(o: Obj, name: string): number {
  const text = o.string(name);
  if (/^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(text)) return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  if (o.kind(name) === 'string') o.fault(name, 'value', 'want HH:MM');
  return -1;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a line must not hold
const control = /[\0-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

function readWords(o: Obj, name: string): Label {
  const w = o.obj(name);
  w.only('ja', 'en');
  const label = { ja: w.string('ja'), en: w.string('en') };
  for (const lang of ['ja', 'en'] as const) {
    const s = label[lang];
    const fits = !/^\p{White_Space}*$/u.test(s) && !control.test(s) && codePoints(s) <= maxWords;
    if (w.kind(lang) === 'string' && !fits) w.fault(lang, 'value', 'want one line, at most 500 characters');
  }
  return label;
}

function isLower(s: string): boolean {
  return /^[a-z][a-z0-9_]{0,39}$/.test(s);
}
