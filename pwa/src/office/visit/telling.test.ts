import { beforeEach, expect, test } from 'vitest';
import { utf8 } from '../../core/encoding/text.ts';
import { marshal, parse } from '../../core/ijson/index.ts';
import { emptyStructure, type Flag, type Opened } from '../../core/record/index.ts';
import { setLang } from '../words/index.ts';
import type { Entry } from './entry.ts';
import { evidence } from './evidence.ts';
import { photoText } from './label.ts';
import { tell } from './telling.ts';

const nameOf = (id: string) => ({ a: '山﨑 誠', b: '辻󠄀 愛' })[id] ?? '不明な人';

function opened(kind: string, fields: Record<string, unknown>, more: Partial<Opened> = {}): Opened {
  return {
    ...emptyStructure(),
    kind,
    seq: 5,
    at: Date.UTC(2026, 10, 24, 11, 12, 40),
    actor: 'a',
    keyID: 'k',
    hash: 'h',
    core: '',
    signature: new Uint8Array(64),
    fields: Object.entries(fields).map(([name, v]) => ({ salt: '', name, value: parse(utf8(marshal(v))), raw: '' })),
    stray: [],
    flags: [],
    ...more,
  };
}

function entry(r: Opened, flags: Flag[] = [], received = r.at + 1000): Entry {
  return { held: { record: '', receipt: '', index: 0, received_at: received, flags, blobs: [] }, opened: r };
}

const said = (r: Opened) => tell(r, nameOf).map((l) => `${l.label}: ${l.value}`);

beforeEach(() => setLang('ja'));

test('a visit that begins', () => {
  const r = opened('visit.started', {
    geo: { lat: 1, lng: 2, accuracy_m: 12, age_ms: 900 },
    place_match: { verdict: 'match', distance_band: 'le_50', accuracy_m: 12 },
    place: 'doorstep',
    planned_end: Date.UTC(2026, 10, 24, 12, 30),
    companions: [],
    agreed_hours: '今夜なら会える',
  });
  expect(said(r)).toEqual([
    '場所: 玄関先',
    '終了予定: 2026年11月24日(火) 21:30',
    '登録住所との照合: 一致(50 m以内)',
    '時間帯についての本人の言葉: 今夜なら会える',
  ]);
  setLang('en');
  expect(said(r)[0]).toBe('Place: doorstep');
});

test('codes have words, own words are set apart, and unknown fields are shown all the same', () => {
  const r = opened('contact.logged', { note: '応答\nなし', channel: 'sms', result: 'sent', mood: { x: [1] } });
  expect(said(r)).toEqual(['手段: SMS', '結果: 送信・発送済', 'その他の項目「mood」: {"x":[1]}', 'メモ: 応答\nなし']);
  expect(
    tell(r, nameOf)
      .filter((l) => l.quote)
      .map((l) => l.name),
  ).toEqual(['note']);
  expect(said(opened('contact.logged', { channel: 'pigeon' }))).toEqual(['手段: pigeon']);
});

test('a photo that is on no list is of what the rep gave as his reason; the list asks for one, the office does not', () => {
  expect(photoText('badge_pieces')).toBe('切断片');
  expect(photoText('paper_page_2')).toBe('紙の申告書 2ページ');
  expect([photoText('other'), photoText('other', '郵便受け')]).toEqual(['その他', 'その他:郵便受け']);
});

test('people and members by name', () => {
  const r = opened('item.received', {
    companions: [{ name: '佐藤', affiliation: '本社' }, { name: '田中' }],
    proxy: { name: '髙橋 花', relation: '母' },
  });
  expect(said(r)).toEqual(['同行者: 佐藤(本社)、田中', '代理人: 髙橋 花(母)']);
  expect(said(opened('case.assigned', { members: ['b', 'x'] }, { seq: 0 }))).toEqual(['担当: 辻󠄀 愛、不明な人']);
});

test('a paper that was declined is named', () => {
  const r = opened('declaration.declined', {
    template: { id: 'disposal_declaration', version: 1 },
    reason: '今は書きたくない。',
  });
  expect(said(r)).toEqual(['様式: disposal_declaration 第1版', '理由: 今は書きたくない。']);
});

test('the end of a visit counts its records', () => {
  const r = opened('visit.ended', { outcome: 'discarded_claimed', records: ['a', 'b', 'c'] });
  expect(said(r)).toEqual(['訪問結果: 廃棄申告', '対象の記録: 3件']);
});

const around = (entries: Entry[]) => ({
  entries,
  case: { assignees: ['b'], attempts: [], visits: [] },
  devices: [{ kid: 'k', member: 'b', revoked_at: Date.UTC(2026, 10, 25) }],
  nameOf,
});
const shown = (flag: Flag, e: Entry, entries = [e]) =>
  evidence(flag, e, around(entries)).map((l) => `${l.label}: ${l.value}`);

test('evidence for late is the two times and the span between them', () => {
  const r = opened('note.written', {}, { clock: { offsetMS: -120_000, ageMS: 10 } });
  expect(shown('late', entry(r, ['late'], r.at + 30 * 3_600_000 - 120_000))).toEqual([
    '端末の時刻: 2026年11月24日(火) 20:12:40',
    'サーバーの受信時刻: 2026年11月26日(木) 02:10:40',
    '記録から受信まで: 30時間',
    '時計の補正: 端末が2分進んでいる',
  ]);
});

test('evidence for who wrote it is names', () => {
  const e = entry(opened('note.written', {}));
  expect(shown('actor', e)).toEqual(['記録した人: 山﨑 誠', '端末の登録者: 辻󠄀 愛']);
  expect(shown('reassigned', e)).toEqual(['記録した人: 山﨑 誠', '現在の担当: 辻󠄀 愛']);
});

test('evidence for a gap says whether the record before has come since', () => {
  const [fourth, fifth] = [entry(opened('note.written', {}, { seq: 4, hash: 'g' })), entry(opened('note.written', {}))];
  expect(shown('gap', fifth)[1]).toBe('直前の記録(4番): この訪問の中にはない');
  expect(shown('gap', fifth, [fourth, fifth])[1]).toBe('直前の記録(4番): 届いている');
});

test('evidence for conduct is the rule, its source, and what the rep explained', () => {
  const start = entry(opened('visit.started', { place: 'doorstep' }));
  const why = entry(opened('policy.explained', { rule: 'hours_late', explanation: '本人が希望' }, { hash: 'w' }));
  const lines = evidence('policy', start, around([start, why]));
  expect(lines.map((l) => l.label)).toEqual(['基準', '根拠', '基準', '根拠', '記録された説明']); // the hour, and no contact before
  expect(lines.at(-1)?.value).toContain('本人が希望');
  expect(evidence('policy', start, around([start])).at(-1)?.value).toBe('説明の記録なし');
});

test('evidence for the schema is the place of each fault', () => {
  expect(shown('schema', entry(opened('note.written', {})))).toEqual(['合わない箇所: /field/note (missing)']);
});
