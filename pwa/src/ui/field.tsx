import { type ComponentChildren, type ComponentProps, createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { t } from './own.ts';

interface Held {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  required: boolean;
}

const held = createContext<Held | undefined>(undefined);

export interface FieldProps {
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** What is wrong and what to do about it; absent when nothing is. */
  error?: ComponentChildren;
  required?: boolean | undefined;
  /** Says 任意 beside the label; for forms where most is required. */
  optional?: boolean | undefined;
  children: ComponentChildren;
}

/** Field puts label, hint and error around one input and ties them to it. */
export function Field({ label, hint, error, required, optional, children }: FieldProps) {
  const id = useId();
  const hinted = hint !== undefined && hint !== '';
  const wrong = error !== undefined && error !== '' && error !== false;
  const describedBy = [hinted ? `${id}-hint` : '', wrong ? `${id}-error` : ''].filter((part) => part !== '').join(' ');
  return (
    <div class={wrong ? 'ta-field ta-field--wrong' : 'ta-field'}>
      <label class="ta-field__label" for={id}>
        {label}
        {required === true && <span class="ta-field__tag">{t('required')}</span>}
        {optional === true && <span class="ta-field__tag ta-field__tag--faint">{t('optional')}</span>}
      </label>
      {hinted && (
        <p class="ta-field__hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <held.Provider
        value={{
          id,
          describedBy: describedBy === '' ? undefined : describedBy,
          invalid: wrong,
          required: required === true,
        }}
      >
        {children}
      </held.Provider>
      {wrong && (
        <p class="ta-field__error" id={`${id}-error`} role="alert">
          <Icon name="error" />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}

/** useHeld gives an input what the Field around it knows. */
function useHeld() {
  const field = useContext(held);
  if (field === undefined) return {};
  return {
    id: field.id,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid ? true : undefined,
    'aria-required': field.required ? true : undefined,
  };
}

/** TextInput is one line. Inside a Field it needs no id. */
export function TextInput(props: ComponentProps<'input'>) {
  return <input type="text" autocomplete="off" {...useHeld()} {...props} class={joined('ta-input', props.class)} />;
}

/** TextArea is several lines; it grows with its text where the browser can. */
export function TextArea(props: ComponentProps<'textarea'>) {
  return <textarea rows={4} {...useHeld()} {...props} class={joined('ta-input ta-input--area', props.class)} />;
}

/** Select is a choice from a list that is too long for a RadioGroup. */
export function Select({ children, ...props }: ComponentProps<'select'>) {
  return (
    <span class="ta-select">
      <select {...useHeld()} {...props} class={joined('ta-input', props.class)}>
        {children}
      </select>
      <Icon name="down" />
    </span>
  );
}

function joined(own: string, more: unknown): string {
  return typeof more === 'string' ? `${own} ${more}` : own;
}
