// Dates are what a person says: the calendar and the clock of Japan (UTC+9, no
// summer time), without seconds and without a zone. The instant at which
// something was done is the record's own at.

/** A date, with a time of day when timed. */
export interface Moment {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  timed: boolean;
}

const form = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}))?$/;

/** Reads "2006-01-02" or "2006-01-02T15:04", years 1900 to 2199; the day must exist. */
export function parseMoment(s: string): Moment | undefined {
  const m = form.exec(s);
  if (!m) return undefined;
  const [year, month, day, hour, minute] = m.slice(1).map((d) => Number(d ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (year < 1900 || year > 2199 || hour > 23 || minute > 59) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return { year, month, day, hour, minute, timed: m[4] !== undefined };
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/** The Japanese eras that a paper may name, newest first, by the first day of each as yyyymmdd. */
const eras = [
  { from: 20190501, name: '令和', first: 2019 },
  { from: 19890108, name: '平成', first: 1989 },
  { from: 19261225, name: '昭和', first: 1926 },
];

function era(m: Moment): string {
  const day = m.year * 10000 + m.month * 100 + m.day;
  const e = eras.find((e) => day >= e.from);
  if (!e) return '';
  return m.year === e.first ? `(${e.name}元年)` : `(${e.name}${m.year - e.first + 1}年)`;
}

const months = 'January February March April May June July August September October November December'.split(' ');

/** Writes the moment as the paper shows it. */
export function formatMoment(m: Moment, lang: string): string {
  const two = (n: number) => String(n).padStart(2, '0');
  if (lang === 'en') {
    const time = m.timed ? `, ${two(m.hour)}:${two(m.minute)}` : '';
    return `${m.day} ${months[m.month - 1]} ${m.year}${time}`;
  }
  const time = m.timed ? ` ${m.hour}時${two(m.minute)}分` : '';
  return `${m.year}年${era(m)}${m.month}月${m.day}日${time}`;
}
