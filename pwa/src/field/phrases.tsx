import { useSignal } from '@preact/signals';
import { Field, TextArea } from '../ui/index.ts';
import { t } from './words/index.ts';

export interface PhrasesProps {
  label: string;
  hint?: string | undefined;
  /** 定型句: one tap writes it. */
  phrases: readonly string[];
  value: string;
  onInput(value: string): void;
  max?: number;
  required?: boolean | undefined;
  error?: string | undefined;
}

/** Phrases is a text that a thumb can write: set phrases first, the keyboard for the rest. */
export function Phrases({ label, hint, phrases, value, onInput, max = 4000, required, error }: PhrasesProps) {
  const spoken = useSignal('');
  const put = (phrase: string) => {
    onInput(value.trim() === '' ? phrase : `${value.replace(/\s+$/, '')}\n${phrase}`);
    spoken.value = phrase;
  };
  return (
    <div class="ta-stack ta-stack--close">
      <Field label={label} hint={hint} required={required} error={error}>
        <TextArea value={value} maxLength={max} rows={3} onInput={(e) => onInput(e.currentTarget.value)} />
      </Field>
      <fieldset class="fd-phrases">
        <legend class="ta-hidden">{t('phrases')}</legend>
        {phrases.map((p) => (
          <button key={p} type="button" class="fd-phrase" onClick={() => put(p)}>
            {p}
          </button>
        ))}
      </fieldset>
      <span class="ta-hidden" role="status">
        {spoken.value && t('phrase_put', { phrase: spoken.value })}
      </span>
    </div>
  );
}
