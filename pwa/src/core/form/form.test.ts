import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/text.ts';
import { list } from '../ijson/index.ts';
import { vectors } from '../vectors.ts';
import {
  builtin,
  checkClientPresentation,
  checkPresentation,
  clientShows,
  clientText,
  drawing,
  type Fault,
  faultText,
  findBanned,
  methods,
  outlineMatches,
  outlineOf,
  paperFields,
  parse,
  parseOutline,
  parsePresentation,
  parseStrokes,
  presentationValue,
  type Template,
  TemplateError,
  text,
  textHash,
  type Values,
  ValuesError,
  validate,
} from './index.ts';

type InTwo<T> = { ja: T; en: T };

const v = vectors<{
  templates: Record<string, string>;
  inline: Record<string, unknown>;
  templates_invalid: { name: string; template: unknown; faults: Fault[] }[];
  methods: Record<string, InTwo<string>>;
  values: {
    name: string;
    template: string;
    values: Values;
    text: InTwo<string[]>;
    sha256: InTwo<string>;
    client: InTwo<string[]>;
  }[];
  values_invalid: { name: string; template: string; base: string; set?: Values; unset?: string[]; faults: Fault[] }[];
  editions: { template: string; shown: string[]; withheld: string[] }[];
  presentations: {
    name: string;
    values: string;
    text_sha256: string;
    client_text_sha256: string;
    presentation: Values;
    form: Fault[];
    faults: Fault[];
  }[];
  strokes: { name: string; strokes: Values; outline: Values }[];
  strokes_invalid: { name: string; strokes: Values; faults: Fault[] }[];
  outlines_other: { name: string; strokes: number; outline: Values }[];
}>(
  'form',
  'templates',
  'inline',
  'templates_invalid',
  'methods',
  'values',
  'values_invalid',
  'editions',
  'presentations',
  'strokes',
  'strokes_invalid',
  'outlines_other',
);

const read = (source: unknown) => parse(utf8(JSON.stringify(source)));
const templates = new Map<string, Template>();
for (const t of [...(await builtin()), ...(await Promise.all(Object.values(v.inline).map(read)))]) {
  templates.set(`${t.id}.${t.version}`, t);
}
const templateOf = (name: string) => templates.get(name) as Template;
const valuesOf = (name: string) => v.values.find((c) => c.name === name) as (typeof v.values)[number];
/** Where the order of faults is not laid down. */
const sorted = (faults: readonly { pointer: string; code: string }[]) =>
  faults.map((f) => `${f.pointer} ${f.code}`).sort();

const joined = (lines: string[]) => `${lines.join('\n')}\n`;

describe('form vectors', () => {
  test('the templates, by their hashes', () => {
    expect(Object.fromEntries([...templates].map(([name, t]) => [name, t.sha256]))).toEqual(v.templates);
    for (const t of templates.values()) expect(t.id === 'every_type' ? [] : findBanned(t)).toEqual([]);
  });

  test.each(v.templates_invalid)('no template: $name', async (c) => {
    const error = await read(c.template).catch((e) => e);
    expect(error).toBeInstanceOf(TemplateError);
    expect(sorted(list(error))).toEqual(sorted(c.faults));
  });

  test('the words of the methods', () => {
    expect(Object.fromEntries(Object.entries(methods).map(([m, words]) => [m, words.name]))).toEqual(v.methods);
  });

  test.each(v.values)('values: $name', async (c) => {
    const t = templateOf(c.template);
    expect(validate(t, c.values)).toEqual([]);
    for (const lang of ['ja', 'en'] as const) {
      expect(text(t, c.values, lang)).toBe(joined(c.text[lang]));
      expect(await textHash(text(t, c.values, lang))).toBe(c.sha256[lang]);
      expect(clientText(t, c.values, lang)).toBe(joined(c.client[lang]));
      expect(clientText(t, disclosed(t, c.values), lang)).toBe(joined(c.client[lang]));
    }
  });

  test.each(v.values_invalid)('values with faults: $name', (c) => {
    const values = { ...valuesOf(c.base).values, ...c.set };
    for (const name of c.unset ?? []) delete values[name];
    const t = templateOf(c.template);
    expect(validate(t, values)).toEqual(c.faults);
    expect(() => text(t, values, 'ja')).toThrow(ValuesError);
    for (const f of c.faults) expect([faultText(f, 'ja'), faultText(f, 'en')]).not.toContain('');
  });

  test.each(v.editions)('what a client edition shows: $template', (c) => {
    const t = c.template ? templateOf(c.template) : undefined;
    const shown = (name: string) => clientShows(t, name);
    expect([c.shown.filter((name) => !shown(name)), c.withheld.filter(shown)]).toEqual([[], []]);
  });

  test.each(v.presentations)('presentation: $name', async (c) => {
    const { presentation, faults } = parsePresentation(c.presentation);
    expect(sorted(faults)).toEqual(sorted(c.form));
    if (faults.length > 0) return;
    expect(presentationValue(presentation)).toEqual(c.presentation);
    const { template, values } = valuesOf(c.values);
    const t = templateOf(template);
    expect(await checkPresentation(presentation, t, values, c.text_sha256)).toEqual(c.faults);
    const renamed = c.faults.map((f) => ({ ...f, pointer: f.pointer.replace('/text_sha256', '/client_text_sha256') }));
    const shown = disclosed(t, values);
    expect(await checkClientPresentation(presentation, t, shown, c.client_text_sha256)).toEqual(renamed);
  });

  test.each(v.strokes)('strokes: $name', (c) => {
    const { strokes, faults } = parseStrokes(c.strokes);
    const { outline, faults: more } = parseOutline(c.outline);
    expect([...faults, ...more]).toEqual([]);
    expect([drawing(strokes), drawing(outline), drawing(outlineOf(strokes))]).toEqual([
      c.strokes,
      c.outline,
      c.outline,
    ]);
    expect(outlineMatches(strokes, outline)).toBe(true);
  });

  test.each(v.strokes_invalid)('no strokes: $name', (c) => {
    expect(parseStrokes(c.strokes).faults).toEqual(c.faults);
  });

  test.each(v.outlines_other)('another outline: $name', (c) => {
    const { strokes } = parseStrokes(v.strokes[c.strokes]?.strokes as Values);
    expect(outlineMatches(strokes, parseOutline(c.outline).outline)).toBe(false);
  });
});

/** The values that a client edition shows. */
function disclosed(t: Template, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => clientShows(t, `field.${key}`)));
}

test('a value that may be seen cannot be withheld and pass for not filled in', async () => {
  const { template, values } = valuesOf('a disposal, everything filled in');
  const t = templateOf(template);
  const { presentation: p } = parsePresentation(v.presentations[0]?.presentation as Values);
  const fields = await paperFields(t, values, p);
  expect(fields.text_sha256).toBe(v.presentations[0]?.text_sha256);
  const sha256 = String(fields.client_text_sha256);
  expect(await checkClientPresentation(p, t, disclosed(t, values), sha256)).toEqual([]);
  const { reservations, ...less } = disclosed(t, values);
  expect(reservations).toBeDefined();
  expect(await checkClientPresentation(p, t, less, sha256)).toEqual([
    { pointer: '/client_text_sha256', code: 'mismatch' },
  ]);
});

test('a template that asks for money or an apology is named', async () => {
  const label = { ja: '弁償します', en: 'I am sorry' };
  const source = { v: 1, id: 'x', version: 1, author: 'worker', title: label, items: [{ type: 'section', label }] };
  const pointers = ['/title/ja', '/title/en', '/items/0/label/ja', '/items/0/label/en'];
  expect(findBanned(await read(source))).toEqual(pointers.map((pointer) => ({ pointer, code: 'banned' })));
});
