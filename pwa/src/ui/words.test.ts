import { expect, test } from 'vitest';
import { formatBytes, formatDateTime, formatDuration, formatTime } from './date.ts';
import { dictionary, fill, lang, lateDictionary } from './words.ts';

test('a text is in the language of the page, with its parameters in place', () => {
  const { t } = dictionary({ sent: '{n}件送りました' }, { sent: 'sent {n}' });
  lang.value = 'ja';
  expect(t('sent', { n: 3 })).toBe('3件送りました');
  lang.value = 'en';
  expect(t('sent', { n: 3 })).toBe('sent 3');
  expect(fill('{a} and {b}', { a: '{b}' })).toBe('{b} and {b}');
});

test('a list of words that is still on its way leaves no screen empty', async () => {
  lang.value = 'ja';
  let asked = 0;
  let broken = true;
  const { t, ready } = lateDictionary({ sent: '{n}件送りました' }, async () => {
    asked++;
    if (broken) throw new Error('offline');
    return { sent: 'sent {n}' };
  });
  await ready();
  expect(asked).toBe(0);
  lang.value = 'en';
  await ready();
  expect([t('sent', { n: 3 }), asked]).toEqual(['3件送りました', 1]);
  broken = false;
  await ready();
  expect([t('sent', { n: 3 }), asked]).toEqual(['sent 3', 2]);
  await ready();
  expect(asked).toBe(2);
});

test('times are those of Japan, wherever the page is read', () => {
  const midnight = Date.UTC(2026, 10, 20, 15, 0);
  expect(formatDateTime(midnight, 'ja')).toBe('2026年11月21日(土) 00:00');
  expect(formatDateTime(midnight, 'en')).toBe('Sat, 21 Nov 2026 00:00 JST');
  expect(formatTime(midnight - 60_000, 'ja')).toBe('23:59');
});

test('durations and sizes are in their largest unit', () => {
  lang.value = 'ja';
  expect([900, 59_400, 90_000, 5_400_000, 3 * 86_400_000].map(formatDuration)).toEqual([
    '1秒',
    '59秒',
    '2分',
    '2時間',
    '3日',
  ]);
  expect([0, 999, 1000, 4_100_000, 41_000_000, 999_600].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '4.1 MB',
    '41 MB',
    '1.0 MB',
  ]);
});
