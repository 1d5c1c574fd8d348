import type { VNode } from 'preact';
import { expect, test } from 'vitest';
import { digits, PinField, type PinFieldProps } from './pin.tsx';

/** The input of a field, as it would be drawn. */
function input(props: Partial<PinFieldProps>) {
  const field = PinField({ label: '暗証番号', value: '', autocomplete: 'off', onInput: () => undefined, ...props });
  return (field.props as { children: VNode<Record<string, unknown>> }).children.props;
}

test('a PIN is digits in half width, whatever the keyboard writes, and nothing else stays in the field', () => {
  expect(digits('２８０１47')).toBe('280147');
  expect(digits(' 12-34 五６a')).toBe('12346');
  const told: string[] = [];
  const typed = { value: '１2x' };
  const { onInput } = input({ onInput: (pin) => told.push(pin) }) as { onInput(e: unknown): void };
  onInput({ currentTarget: typed });
  expect([told, typed.value]).toEqual([['12'], '12']);
});

test('it is hidden, numeric, and fills itself in only where it may', () => {
  expect(input({})).toMatchObject({ type: 'password', inputmode: 'numeric', autocomplete: 'off', maxLength: 12 });
  expect(input({ autocomplete: 'current-password' })).toMatchObject({ autocomplete: 'current-password' });
});

test('Enter alone goes on', () => {
  let entered = 0;
  const { onKeyDown } = input({ onEnter: () => entered++ }) as { onKeyDown(e: { key: string }): void };
  for (const key of ['1', 'Enter', 'Tab']) onKeyDown({ key });
  expect(entered).toBe(1);
});
