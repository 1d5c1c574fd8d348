import { Checkbox, Field, Select, TextArea, TextInput } from '../../ui/index.ts';
import { itemStateText } from '../label.ts';
import { t, word } from '../words/index.ts';
import { type Ask, groups, maxOf, required, type Typed, type Wrong } from './facts.ts';

export interface FactsFormProps {
  typed: Typed;
  wrong: Readonly<Record<string, Wrong>>;
  onType(name: string, text: string): void;
  /** A fact that is not asked for. */
  without?: string;
}

/** FactsForm asks for the facts of a case, group by group. */
export function FactsForm({ typed, wrong, onType, without }: FactsFormProps) {
  return (
    <>
      {groups.map((g) => (
        <section key={g.title} class="ta-sheet ta-stack" aria-labelledby={`facts-${g.title}`}>
          <h2 id={`facts-${g.title}`}>{t(`new.${g.title}`)}</h2>
          <div class="office-facts">
            {g.facts
              .filter(([name]) => name !== without)
              .map(([name, ask]) => (
                <Fact key={name} name={name} ask={ask} text={typed[name] ?? ''} wrong={wrong[name]} onType={onType} />
              ))}
          </div>
        </section>
      ))}
    </>
  );
}

function errorOf(name: string, wrong: Wrong | undefined): string {
  switch (wrong) {
    case undefined:
      return '';
    case 'number':
      return t('fact.number_wrong');
    case 'point':
      return t('fact.address_point.wrong');
    case 'long':
      return t('fact.too_long', { max: maxOf(name) });
    default:
      return t('prepare.missing');
  }
}

const languages = ['ja', 'en', 'vi', 'zh', 'pt', 'ne'] as const;
const itemStates = ['on_loan', 'returned', 'lost_claimed', 'discarded_claimed', 'unknown'];

interface FactProps {
  name: string;
  ask: Ask;
  text: string;
  wrong: Wrong | undefined;
  onType(name: string, text: string): void;
}

function Fact({ name, ask, text, wrong, onType }: FactProps) {
  const type = (e: { currentTarget: { value: string } }) => onType(name, e.currentTarget.value);
  if (ask === 'yes') {
    return (
      <Checkbox
        checked={text === 'true'}
        hint={word(`fact.${name}.hint`, '')}
        onChange={(on) => onType(name, on ? 'true' : '')}
      >
        {word(`fact.${name}`, name)}
      </Checkbox>
    );
  }
  return (
    <Field
      label={word(`fact.${name}`, name)}
      hint={word(`fact.${name}.hint`, '')}
      required={required.has(name)}
      error={errorOf(name, wrong)}
    >
      {ask === 'text' ? (
        <TextArea value={text} onInput={type} />
      ) : ask === 'language' ? (
        <Select value={text} onChange={type}>
          <option value="">{t('unknown')}</option>
          {languages.map((code) => (
            <option key={code} value={code}>
              {t(`fact.language.${code}`)}
            </option>
          ))}
        </Select>
      ) : ask === 'item_state' ? (
        <Select value={text} onChange={type}>
          <option value="">{t('unknown')}</option>
          {itemStates.map((code) => (
            <option key={code} value={code}>
              {itemStateText(code)}
            </option>
          ))}
        </Select>
      ) : ask === 'date' ? (
        <TextInput type="date" value={text} onInput={type} />
      ) : (
        <TextInput value={text} onInput={type} {...(ask === 'count' ? { inputmode: 'numeric' as const } : {})} />
      )}
    </Field>
  );
}
