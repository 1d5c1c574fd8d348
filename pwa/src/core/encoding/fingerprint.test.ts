import { expect, test } from 'vitest';
import { encodeBase64url } from './base64.ts';
import { spell } from './fingerprint.ts';

test('a fingerprint is spelt as the server prints it (RFC 4648 section 6)', () => {
  const of = (text: string) => spell(encodeBase64url(new TextEncoder().encode(text)));
  expect(of('')).toBe('');
  expect(of('f')).toBe('MY');
  expect(of('fooba')).toBe('MZXW 6YTB');
  expect(of('foobar')).toBe('MZXW 6YTB OI');
  expect(spell('lg5eez_JQBAfjurOvHRNUhyW95Ft56MxtdIFK7z7GUM')).toBe(
    'SYHF 46Z7 ZFAB AH4O 5LHL Y5CN KIOJ N54R NXT2 GMNV 2ICS XPH3 DFBQ',
  );
});
