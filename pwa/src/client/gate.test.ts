import { expect, test } from 'vitest';
import { asDigits } from './gate.tsx';

test('a passcode may be typed as a Japanese keyboard writes it', () => {
  expect(asDigits('１２３４ ５６７８')).toBe('12345678');
  expect(asDigits('1234-5678')).toBe('12345678');
  expect(asDigits('１２３４ー５６７８　')).toBe('12345678');
  expect(asDigits('1234567a')).toBe('1234567a');
});
