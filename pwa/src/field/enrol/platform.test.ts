import { expect, test } from 'vitest';
import { deviceLabel, isApple } from './platform.ts';

test('a phone has a name that the office recognises', () => {
  expect(deviceLabel('Mozilla/5.0 (Linux; Android 15; Pixel 9 Pro) AppleWebKit/537.36')).toBe('Pixel 9 Pro');
  expect(deviceLabel('Mozilla/5.0 (Linux; Android 13; SO-51D Build/67.1) AppleWebKit/537.36')).toBe('SO-51D');
  expect(deviceLabel('Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36')).toBe('Android');
  expect(deviceLabel('Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X)')).toBe('iPhone');
  expect(deviceLabel('')).toBe('PC');
});

test('an iPad that calls itself a Mac is one', () => {
  expect(isApple({ userAgent: 'Macintosh; Intel Mac OS X', maxTouchPoints: 5 })).toBe(true);
  expect(isApple({ userAgent: 'Macintosh; Intel Mac OS X', maxTouchPoints: 0 })).toBe(false);
});
