import encode from 'qr';
import { expect, test } from 'vitest';
import { qrPath } from './qr.ts';

test('dark squares become runs', () => {
  expect(
    qrPath([
      [true, true, false],
      [false, false, true],
      [false, false, false],
    ]),
  ).toEqual({ size: 3, path: 'M0 0h2v1h-2zM2 1h1v1h-1z' });
});

test('an enrolment link fits into a code', () => {
  const { size, path } = qrPath(
    encode(`https://tachiai.example/field/enrol#0123456789AB.${'x'.repeat(43)}`, 'raw', { ecc: 'medium', border: 4 }),
  );
  expect(size).toBeGreaterThan(40);
  expect(path.startsWith('M4 4h7v1h-7z')).toBe(true);
});
