import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { t } from './own.ts';

export interface CheckboxProps {
  checked: boolean;
  onChange(checked: boolean): void;
  children: ComponentChildren;
  hint?: ComponentChildren;
  name?: string | undefined;
  disabled?: boolean | undefined;
  required?: boolean | undefined;
}

/** Checkbox is one yes or no; the whole line is the target. */
export function Checkbox({ children, hint, onChange, ...rest }: CheckboxProps) {
  const id = useId();
  const hinted = hint !== undefined && hint !== '';
  return (
    <label class="ta-choice">
      <input
        type="checkbox"
        {...rest}
        aria-describedby={hinted ? id : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class="ta-choice__text">
        {children}
        {hinted && (
          <span class="ta-choice__hint" id={id}>
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}

export interface Choice<V extends string> {
  value: V;
  label: ComponentChildren;
  hint?: ComponentChildren;
  disabled?: boolean | undefined;
}

export interface RadioGroupProps<V extends string> {
  legend: ComponentChildren;
  choices: readonly Choice<V>[];
  value: V | undefined;
  onChange(value: V): void;
  hint?: ComponentChildren;
  error?: ComponentChildren;
  required?: boolean | undefined;
  /** Side by side where there is room. */
  inline?: boolean | undefined;
}

/** RadioGroup is one of a few, all in sight. */
export function RadioGroup<V extends string>(props: RadioGroupProps<V>) {
  const { legend, choices, value, onChange, hint, error, required, inline } = props;
  const id = useId();
  const wrong = error !== undefined && error !== '' && error !== false;
  return (
    <fieldset
      class={wrong ? 'ta-field ta-group ta-field--wrong' : 'ta-field ta-group'}
      aria-describedby={wrong ? `${id}-error` : undefined}
    >
      <legend class="ta-field__label">
        {legend}
        {required === true && <span class="ta-field__tag">{t('required')}</span>}
      </legend>
      {hint !== undefined && hint !== '' && <p class="ta-field__hint">{hint}</p>}
      <div class={inline === true ? 'ta-group__choices ta-group__choices--inline' : 'ta-group__choices'}>
        {choices.map((choice) => (
          <label class="ta-choice" key={choice.value}>
            <input
              type="radio"
              name={id}
              value={choice.value}
              checked={choice.value === value}
              disabled={choice.disabled}
              onChange={() => onChange(choice.value)}
            />
            <span class="ta-choice__text">
              {choice.label}
              {choice.hint !== undefined && <span class="ta-choice__hint">{choice.hint}</span>}
            </span>
          </label>
        ))}
      </div>
      {wrong && (
        <p class="ta-field__error" id={`${id}-error`} role="alert">
          <Icon name="error" />
          <span>{error}</span>
        </p>
      )}
    </fieldset>
  );
}
