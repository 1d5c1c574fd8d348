import type { ComponentChildren } from 'preact';
import { Field, TextInput } from './field.tsx';

/** So many digits at most. */
const longest = 12;

export interface PinFieldProps {
  label: string;
  hint?: string | undefined;
  error?: ComponentChildren;
  value: string;
  /** Digits alone, in half width. */
  onInput(pin: string): void;
  /** Enter was pressed. */
  onEnter?(): void;
  /** Whether the browser may fill in what it knows: off where the phone is in other hands. */
  autocomplete: 'current-password' | 'new-password' | 'off';
}

/** PinField takes a PIN: digits that nobody reads over the shoulder, on the keyboard that has them. */
export function PinField({ label, hint, error, onInput, onEnter, ...rest }: PinFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      <TextInput
        {...rest}
        type="password"
        inputmode="numeric"
        class="ta-input--pin"
        maxLength={longest}
        onInput={(e) => {
          const pin = digits(e.currentTarget.value);
          e.currentTarget.value = pin; // what is left out leaves the field, too, where the value stays the same
          onInput(pin);
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter') onEnter?.();
        }}
      />
    </Field>
  );
}

/** digits are those of what was typed, in half width: a Japanese keyboard may write them in full. */
export function digits(typed: string): string {
  return typed.replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/[^0-9]/g, '');
}
