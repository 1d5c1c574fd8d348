import { t } from './own.ts';
import { type Lang, lang } from './words.ts';

const zone = 'Asia/Tokyo';
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Lang, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', { timeZone: zone, ...options });
    formats.set(key, made);
  }
  return made;
}

/** formatDate writes a day in Japan: 2026年11月25日(水), Wed, 25 Nov 2026. Times are milliseconds. */
export function formatDate(at: number, language: Lang = lang.value): string {
  return language === 'ja'
    ? format('ja', 'date', { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' }).format(at)
    : format('en', 'date', { year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' }).format(at);
}

/** formatDay is a day without year and weekday, for lists: 11月25日, 25 Nov. */
export function formatDay(at: number, language: Lang = lang.value): string {
  return format(language, 'day', { month: language === 'ja' ? 'long' : 'short', day: 'numeric' }).format(at);
}

/** formatTime writes hour and minute in Japan, 24 hours: 19:58. */
export const formatTime = (at: number) => clock(at).slice(0, 5);

/** formatSeconds is formatTime to the second: 19:58:04. */
export const formatSeconds = (at: number) => clock(at).slice(0, 8);

/** Japan is nine hours ahead, summer and winter. A slow phone needs 20 ms to have Intl say so, and the first screen shows a time. */
const clock = (at: number) => new Date(at + 9 * 3_600_000).toISOString().slice(11);

/** formatDateTime joins day and time: 2026年11月25日(水) 19:58; in English it says which clock. */
export function formatDateTime(at: number, language: Lang = lang.value): string {
  const tail = language === 'ja' ? '' : ' JST';
  return `${formatDate(at, language)} ${formatTime(at)}${tail}`;
}

/** formatDuration is how long something takes or took, in its largest unit. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return t('second', { n: seconds });
  if (seconds < 3600) return t('minute', { n: Math.round(seconds / 60) });
  if (seconds < 2 * 86_400) return t('hour', { n: Math.round(seconds / 3600) });
  return t('day', { n: Math.round(seconds / 86_400) });
}

/** formatBytes writes a size: 4.1 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 'B';
  for (const next of units) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
