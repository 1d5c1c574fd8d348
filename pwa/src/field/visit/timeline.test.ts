import { describe, expect, test } from 'vitest';
import type { HeldBlob, HeldRecord } from '../../engine/index.ts';
import { companionsOf, standing, timeline, whole } from './timeline.ts';

let n = 0;
function rec(kind: string, fields: Record<string, unknown> = {}, more: Partial<HeldRecord> = {}): HeldRecord {
  n++;
  return {
    hash: `h${n}`,
    id: '',
    kid: '',
    seq: n,
    kind,
    case: 'c',
    visit: 'v',
    at: n * 1000,
    amends: '',
    fields,
    text: '',
    kept: true,
    blobs: [],
    state: 'received',
    flags: [],
    receivedAt: 1,
    ...more,
  } as HeldRecord;
}
const blob = (more: Partial<HeldBlob>): HeldBlob => ({
  id: 'p',
  role: 'exterior',
  sha256: 'aa',
  size: 1,
  type: 'image/jpeg',
  of: '',
  kept: true,
  state: 'received',
  ...more,
});

describe('timeline', () => {
  test('says what happened in words, and how well the place was known', () => {
    const [start, left] = timeline(
      [
        rec('visit.started', { place: 'doorstep', geo: { accuracy_m: 12 } }),
        rec('visit.ended', { outcome: 'absent', geo_missing: 'denied', note: '不在票を投函' }),
      ],
      'ja',
    );
    expect(start).toMatchObject({ detail: '玄関先', place: { accuracy: 12 } });
    expect(left).toMatchObject({ detail: '不在・不在票を投函', place: { missing: 'denied' } });
  });
  test('a photo is shown by its preview; a HEIC without one by nothing', () => {
    const preview = blob({ id: 'q', role: 'preview', of: 'p', sha256: 'bb' });
    const [one, two] = timeline(
      [
        rec('photo.captured', {}, { blobs: [blob({ type: 'image/heic' }), preview] }),
        rec('photo.captured', {}, { blobs: [blob({ type: 'image/heic' })] }),
      ],
      'ja',
    );
    expect(one?.photos).toEqual([{ role: 'exterior', shown: 'bb' }]);
    expect(two?.photos).toEqual([{ role: 'exterior', shown: '' }]);
  });
  test('a correction marks what it corrects', () => {
    const wrong = rec('note.written', { note: 'a' });
    const list = timeline([wrong, rec('record.amended', { note: 'b' }, { amends: wrong.hash })], 'ja');
    expect(list.map((e) => e.amended)).toEqual([true, false]);
  });
});

describe('the two facts are never mixed', () => {
  test('a record is with the server only when its photos are', () => {
    expect(whole({ state: 'received', blobs: [blob({ state: 'waiting' })] })).toBe('waiting');
    expect(whole({ state: 'received', blobs: [blob({ state: 'sending' })] })).toBe('sending');
    expect(whole({ state: 'received', blobs: [blob({})] })).toBe('received');
    expect(whole({ state: 'waiting', blobs: [blob({ state: 'attention' })] })).toBe('attention');
  });
});

describe('standing', () => {
  test('a visit stands where its last record left it', () => {
    const s = standing([
      rec('visit.started', { place: 'doorstep', planned_end: 99 }, { state: 'waiting' }),
      rec('place.changed', { place: 'restaurant' }),
    ]);
    expect(s).toMatchObject({ place: 'restaurant', plannedEnd: 99, watched: false, endedAt: undefined });
  });
  test('watched only once the start is with the server', () => {
    expect(standing([rec('visit.started')])?.watched).toBe(true);
  });
  test('a corrected outcome counts', () => {
    const end = rec('visit.ended', { outcome: 'asked_to_leave' });
    expect(
      standing([rec('visit.started'), end, rec('record.amended', { outcome: 'met_only' }, { amends: end.hash })])
        ?.outcome,
    ).toBe('met_only');
  });
  test('no records, no visit', () => {
    expect(standing([])).toBeUndefined();
  });
});

describe('what papers and the office are told of a visit', () => {
  test('it is watched while the office has the newest planned end, too', () => {
    const start = rec('visit.started', { place: 'doorstep', planned_end: 60_000 });
    expect(standing([start])?.watched).toBe(true);
    const later = rec('place.changed', { place: 'doorstep', planned_end: 90_000 }, { state: 'waiting' });
    expect(standing([start, later])).toMatchObject({ plannedEnd: 90_000, watched: false });
    expect(standing([start, { ...later, state: 'received' }])?.watched).toBe(true);
  });

  test('companions are those that the start names', () => {
    expect(companionsOf([rec('visit.started', { companions: [{ name: '田中 次郎' }, { name: '森 三郎' }] })])).toBe(
      '田中 次郎、森 三郎',
    );
    expect(companionsOf([rec('visit.started')])).toBe('');
  });
});
