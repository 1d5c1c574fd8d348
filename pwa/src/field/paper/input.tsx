import { type Fault, faultText, type Item } from '../../core/form/index.ts';
import { inLanguage, type Tree } from '../../core/record/index.ts';
import { Button, Checkbox, Field, Icon, RadioGroup, TextArea, TextInput } from '../../ui/index.ts';
import { lang } from '../words/index.ts';
import { t } from '../words/paper.ts';
import type { Filled } from './prefill.ts';

export interface InputProps {
  item: Item;
  value: Tree | undefined;
  required: boolean;
  fault?: Fault | undefined;
  onChange(value: Tree | undefined): void;
  /** Methods that this phone cannot offer are left out. */
  without?: readonly string[];
}

/** What is not filled in is absent: never null, never an empty text. */
function filled(v: string): string | undefined {
  return v === '' ? undefined : v.replace(/\r\n?/g, '\n');
}

function stringOf(v: Tree | undefined): string {
  return typeof v === 'string' ? v : '';
}

function membersOf(v: Tree | undefined): Filled {
  return typeof v === 'object' && v !== null && !Array.isArray(v) ? { ...v } : {};
}

/** Sets or takes away one member; undefined when nothing is left. */
function withMember(v: Tree | undefined, name: string, member: Tree | undefined): Filled | undefined {
  const m = membersOf(v);
  if (member === undefined) delete m[name];
  else m[name] = member;
  return Object.keys(m).length === 0 ? undefined : m;
}

/** Input is one item of a paper, in the form that its type asks for. */
export function Input({ item, value, required, fault, onChange, without = [] }: InputProps) {
  const label = inLanguage(item.label, lang.value);
  const hint = inLanguage(item.hint, lang.value) || undefined;
  const error = fault && faultText(fault, lang.value);
  /** What is wrong is wrong with that member: it is said there. */
  const of = (member: string) => fault?.pointer.endsWith(`/${member}`) === true;
  switch (item.type) {
    case 'paragraph':
      return (
        <Field label={label} hint={hint} error={error} required={required}>
          <TextArea value={stringOf(value)} onInput={(e) => onChange(filled(e.currentTarget.value))} />
        </Field>
      );
    case 'date':
    case 'datetime':
      return (
        <Field label={label} hint={hint} error={error} required={required}>
          <TextInput
            type={item.type === 'date' ? 'date' : 'datetime-local'}
            value={stringOf(value)}
            onInput={(e) => onChange(filled(e.currentTarget.value.slice(0, 16)))}
          />
        </Field>
      );
    case 'range':
      return (
        <Range
          item={item}
          label={label}
          hint={hint}
          error={error}
          errorOf={of('to') ? 'to' : 'from'}
          required={required}
          value={value}
          onChange={onChange}
        />
      );
    case 'choice':
      return (
        <RadioGroup
          legend={label}
          hint={hint}
          error={error}
          required={required}
          value={stringOf(value) || undefined}
          onChange={onChange}
          choices={item.options
            .filter((o) => !without.includes(o.code))
            .map((o) => ({ value: o.code, label: inLanguage(o.label, lang.value) }))}
        />
      );
    case 'check':
      return (
        <Checkbox checked={value === true} onChange={(on) => onChange(on || undefined)}>
          {inLanguage(item.text, lang.value)}
        </Checkbox>
      );
    case 'person':
      return (
        <>
          <Field label={label} hint={hint} error={of('kana') ? undefined : error} required={required}>
            <TextInput
              value={stringOf(membersOf(value).name)}
              onInput={(e) => onChange(withMember(value, 'name', filled(e.currentTarget.value)))}
            />
          </Field>
          {item.kana && (
            <Field label={t('kana', { label })} error={of('kana') ? error : undefined} required={required}>
              <TextInput
                value={stringOf(membersOf(value).kana)}
                onInput={(e) => onChange(withMember(value, 'kana', filled(e.currentTarget.value)))}
              />
            </Field>
          )}
        </>
      );
    case 'table':
      return <Rows item={item} label={label} error={error} required={required} value={value} onChange={onChange} />;
    default:
      return (
        <Field label={label} hint={hint} error={error} required={required}>
          <TextInput value={stringOf(value)} onInput={(e) => onChange(filled(e.currentTarget.value))} />
        </Field>
      );
  }
}

interface PartProps {
  item: Item;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** Of a range: with which moment something is wrong. */
  errorOf?: 'from' | 'to';
  required: boolean;
  value: Tree | undefined;
  onChange(value: Tree | undefined): void;
}

/** Range is one day, or from one to another, for sure or about. */
function Range({ label, hint, error, errorOf, required, value, onChange }: PartProps) {
  const m = membersOf(value);
  return (
    <fieldset class="fd-range">
      <legend class="ta-field__label">
        {label}
        {required && <span class="ta-field__tag">{t('required')}</span>}
      </legend>
      {hint && <p class="ta-field__hint">{hint}</p>}
      <div class="fd-pair">
        <Field label={t('range_from')} error={errorOf === 'to' ? undefined : error}>
          <TextInput
            type="date"
            value={stringOf(m.from).slice(0, 10)}
            onInput={(e) => onChange(withMember(value, 'from', filled(e.currentTarget.value)))}
          />
        </Field>
        <Field label={t('range_to')} error={errorOf === 'to' ? error : undefined}>
          <TextInput
            type="date"
            value={stringOf(m.to).slice(0, 10)}
            onInput={(e) => onChange(withMember(value, 'to', filled(e.currentTarget.value)))}
          />
        </Field>
      </div>
      <Checkbox checked={m.about === true} onChange={(on) => onChange(withMember(value, 'about', on || undefined))}>
        {t('range_about')}
      </Checkbox>
    </fieldset>
  );
}

function Rows({ item, label, error, required, value, onChange }: PartProps) {
  const rows = Array.isArray(value) ? value : [];
  const set = (next: Tree[]) => onChange(next.length === 0 ? undefined : next);
  return (
    <fieldset class="fd-range">
      <legend class="ta-field__label">
        {label}
        {required && <span class="ta-field__tag">{t('required')}</span>}
      </legend>
      {error && (
        <p class="ta-field__error" role="alert">
          <Icon name="error" />
          <span>{error}</span>
        </p>
      )}
      {rows.map((row, n) => (
        <div class="ta-sheet ta-stack ta-stack--close" key={n}>
          <div class="ta-row ta-row--apart">
            <strong>{t('row', { n: n + 1 })}</strong>
            <Button kind="quiet" icon="delete" onClick={() => set(rows.filter((_, i) => i !== n))}>
              {t('row_remove')}
            </Button>
          </div>
          {item.columns.map((c) => (
            <Input
              key={c.key}
              item={c}
              value={membersOf(row)[c.key]}
              required={c.required}
              onChange={(v) => set(rows.map((r, i) => (i === n ? (withMember(r, c.key, v) ?? {}) : r)))}
            />
          ))}
        </div>
      ))}
      {rows.length < item.maxRows && (
        <Button wide icon="plus" onClick={() => set([...rows, {}])}>
          {t('row_add')}
        </Button>
      )}
    </fieldset>
  );
}
