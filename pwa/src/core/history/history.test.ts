import { expect, test } from 'vitest';
import { encodeBase64url } from '../encoding/base64.ts';
import { utf8 } from '../encoding/text.ts';
import { marshal, parse } from '../ijson/index.ts';
import { type Flag, parseStructure } from '../record/index.ts';
import { vectors } from '../vectors.ts';
import { apply, type Entry, keyText, type StateSet } from './index.ts';
import { before } from './ref.ts';

interface Step {
  note: string;
  hash: string;
  key?: string;
  payload: Record<string, unknown>;
  sd: number;
  fields: Record<string, unknown>;
  index: number;
  received_at: number;
  flags?: Flag[];
  changed: [string, string][];
  states: Record<string, unknown>;
}

const v = vectors<{ stories: { name: string; steps: Step[] }[] }>('history', 'stories');

/** Makes the record of a step. */
function told(s: Step): Entry {
  const sd = Array.from({ length: s.sd }, (_, i) => encodeBase64url(Uint8Array.of(i, ...new Uint8Array(31))));
  const payload = utf8(marshal({ ...s.payload, _sd_alg: 'sha-256', _sd: sd.sort() }));
  const { structure } = parseStructure(payload, !s.key);
  const fields = Object.entries(s.fields).map(([name, value]) => ({ name, value: parse(utf8(marshal(value))) }));
  return { ...structure, hash: s.hash, keyID: s.key ?? '', fields };
}

test('all stories are there', () => {
  expect(v.stories.length).toBeGreaterThanOrEqual(5);
});

test.each(v.stories)('$name', ({ steps }) => {
  let set: StateSet = new Map();
  for (const [i, s] of steps.entries()) {
    const meta = { index: s.index, receivedAt: s.received_at, flags: s.flags ?? [] };
    const changed = apply(set, told(s), meta);
    expect(
      changed.map((k) => [k.type, k.id]),
      `step ${i}: ${s.note}`,
    ).toEqual(s.changed);
    const states = Object.fromEntries(changed.map((k) => [keyText(k), set.get(keyText(k))]));
    expect(JSON.parse(JSON.stringify(states)), `step ${i}: ${s.note}`).toEqual(s.states);
    set = new Map(Object.entries(JSON.parse(JSON.stringify(Object.fromEntries(set))))); // as stores keep them
  }
});

test('between journals the bytes of the hash decide, not its text', () => {
  const mark = (first: string) => ({ record: first + 'A'.repeat(42), at: 1, index: 0, actor: '' });
  expect([before(mark('B'), mark('-')), before(mark('-'), mark('B'))]).toEqual([true, false]);
});
