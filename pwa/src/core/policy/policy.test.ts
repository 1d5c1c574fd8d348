import { describe, expect, test } from 'vitest';
import source from '../../../../sync/policy/jp-1.json';
import { sha256 } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';
import { utf8 } from '../encoding/text.ts';
import { list } from '../ijson/index.ts';
import { vectors } from '../vectors.ts';
import {
  count,
  dueAt,
  type Finding,
  jp1,
  overdue,
  PolicyError,
  parse,
  photo,
  photoRole,
  visit,
  worst,
} from './index.ts';

type Found = { rule: string; level: string }[];

const v = vectors<{
  sha256: string;
  visits: {
    name: string;
    at_ms: number;
    facts: {
      attempts: number;
      visits_today: number;
      visits_week: number;
      told_not_to_come: boolean;
      disputed: boolean;
      agreed_hours: boolean;
    };
    findings: Found;
    worst: string;
  }[];
  counts: { name: string; at: number; began: number[]; today: number; week: number }[];
  photos: { role: string; reason: string; findings: Found; code?: string; page?: number }[];
  watch: { name: string; start: number; planned_end: number; now: number; due: number; overdue: boolean }[];
  invalid: { name: string; policy: unknown; faults: { pointer: string; code: string }[] }[];
}>('policy', 'sha256', 'visits', 'counts', 'photos', 'watch', 'invalid');

const short = (findings: Finding[]) => findings.map((f) => ({ rule: f.rule, level: f.level }));

describe('policy vectors', () => {
  test('the same policy', async () => {
    expect(encodeHex(await sha256(JSON.stringify(source)))).toBe(v.sha256);
  });

  test.each(v.visits)('visit: $name', (c) => {
    const { visits_today, visits_week, told_not_to_come, agreed_hours, ...f } = c.facts;
    const facts = { visitsToday: visits_today, visitsWeek: visits_week, toldNotToCome: told_not_to_come };
    const findings = visit(jp1, c.at_ms, { ...f, ...facts, agreedHours: agreed_hours });
    expect(short(findings)).toEqual(c.findings);
    expect(worst(findings)).toBe(c.worst);
    for (const f of findings) expect([f.text.ja, f.text.en, f.source.ja, f.source.en]).not.toContain('');
  });

  test.each(v.counts)('count: $name', (c) => {
    expect(count(jp1, c.at, c.began)).toEqual({ today: c.today, week: c.week });
  });

  test.each(v.photos)('photo: $role $reason', (c) => {
    expect(short(photo(jp1, c.role, c.reason))).toEqual(c.findings);
    const found = photoRole(jp1, c.role);
    expect([found?.role.code ?? '', found?.page ?? 0]).toEqual([c.code ?? '', c.page ?? 0]);
  });

  test.each(v.watch)('watch: $name', (c) => {
    expect(dueAt(jp1, c.start, c.planned_end)).toBe(c.due);
    expect(overdue(jp1, c.start, c.planned_end, c.now)).toBe(c.overdue);
  });

  test.each(v.invalid)('invalid: $name', (c) => {
    let error: unknown;
    try {
      parse(utf8(JSON.stringify(c.policy)));
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(PolicyError);
    expect(list(error).map((f) => ({ pointer: f.pointer, code: f.code }))).toEqual(c.faults);
  });
});
