import { describe, expect, test } from 'vitest';
import type { Case } from '../../core/history/index.ts';
import { jp1 } from '../../core/policy/index.ts';
import { conduct, factsAt, known } from './conduct.ts';

const tokyo = (text: string) => Date.parse(`${text}+09:00`);
const now = tokyo('2026-11-25T19:30:00');
const hour = 3_600_000;

function caseWith(attempts: [number, string][], visits: [string, number, string][] = []): Case {
  return {
    id: 'c',
    facts: {},
    assignees: [],
    state: 'received',
    item_state: { state: 'on_loan' },
    attempts: attempts.map(([at, result], n) => ({
      record: `r${n}`,
      at,
      index: n,
      actor: '',
      kind: 'contact.logged',
      result,
    })),
    visits: visits.map(([visit, from, outcome]) => ({ visit, from, actor: '', outcome })),
    flags: 0,
    facts_index: 0,
  };
}
const nothing = { contacts: [], visits: [] };
const three: [number, string][] = [1, 2, 3].map((n) => [now - n * hour, 'no_answer']);

describe('known', () => {
  test('a contact that both know counts once, one that only the phone has counts too', () => {
    const k = known(caseWith(three), {
      contacts: [
        { hash: 'r0', at: now - hour, occurred: now - hour, channel: 'phone', result: 'no_answer' },
        { hash: 'new', at: now - 60_000, occurred: now - 60_000, channel: 'mail', result: 'do_not_come' },
      ],
      visits: [],
    });
    expect(k.contacts.length).toBe(4);
    expect(factsAt(jp1, k, now, false).toldNotToCome).toBe(true);
  });
  test('an outcome that has not been sent is known all the same', () => {
    const k = known(caseWith(three, [['v', now - 48 * hour, '']]), {
      contacts: [],
      visits: [{ visit: 'v', startedAt: now - 48 * hour, outcome: 'disputed' }],
    });
    expect(k.visits).toEqual([{ visit: 'v', from: now - 48 * hour, outcome: 'disputed' }]);
    expect(conduct(jp1, k, now, true).level).toBe('block');
  });
});

describe('conduct', () => {
  const at = (time: string, agreed = false) =>
    conduct(jp1, known(caseWith(three), nothing), tokyo(`2026-11-25T${time}:00`), agreed);
  test.each([
    ['09:00', ''],
    ['19:59', ''],
    ['20:00', 'warn'],
    ['20:59', 'warn'],
    ['21:00', 'block'],
    ['07:59', 'block'],
    ['08:00', 'warn'],
  ])('%s: %s', (time, level) => {
    const early = known(caseWith(three.map(([, r]) => [tokyo('2026-11-25T00:00:00') - hour, r])), nothing);
    expect(conduct(jp1, early, tokyo(`2026-11-25T${time}:00`), false).level).toBe(level);
  });
  test('at night the worker may agree, and only then does it help to ask', () => {
    expect(at('22:00').agreementHelps).toBe(true);
    expect(at('22:00', true)).toMatchObject({ level: 'warn', agreementHelps: false });
  });
  test('agreement does not help against 来ないで', () => {
    const k = known(caseWith([...three, [now - 30 * 60_000, 'do_not_come']]), nothing);
    expect(conduct(jp1, k, tokyo('2026-11-25T22:00:00'), false).agreementHelps).toBe(false);
  });
  test('two contacts are too few before the first visit', () => {
    const k = known(caseWith(three.slice(1)), nothing);
    expect(conduct(jp1, k, now, false).findings.map((f) => f.rule)).toEqual(['attempts_first']);
  });
  test('a second visit on one day warns, also when the first was never sent', () => {
    const k = known(caseWith(three), {
      contacts: [],
      visits: [{ visit: 'v', startedAt: now - hour / 2, outcome: 'absent' }],
    });
    expect(conduct(jp1, k, now, false).findings.map((f) => f.rule)).toEqual(['visits_day']);
  });
});
