import { expect, test } from 'vitest';
import type { HeldRecord } from '../../engine/index.ts';
import { checklist, likelyOutcome } from './checklist.ts';

function rec(kind: string, more: Partial<HeldRecord> = {}): HeldRecord {
  return {
    hash: '',
    id: '',
    kid: '',
    seq: 1,
    kind,
    case: '',
    visit: '',
    at: 0,
    amends: '',
    fields: {},
    text: '',
    kept: true,
    blobs: [],
    state: 'waiting',
    flags: [],
    receivedAt: 0,
    ...more,
  } as HeldRecord;
}
const photo = (role: string) =>
  rec('photo.captured', {
    blobs: [{ id: 'p', role, sha256: '', size: 1, type: 'image/jpeg', of: '', kept: true, state: 'waiting' }],
  });
const signed = (template: string) => rec('declaration.signed', { fields: { presentation: { template } } });
const missing = (outcome: string, ...records: HeldRecord[]) =>
  checklist(outcome, records)
    .filter((l) => !l.done)
    .map((l) => l.wanted);

test('a signed declaration says how identity was checked', () => {
  expect(missing('discarded_claimed')).toEqual(['paper', 'identity']);
  expect(missing('discarded_claimed', signed('disposal_declaration'))).toEqual([]);
});

test('the paper of another outcome does not do', () => {
  expect(missing('lost_claimed', signed('disposal_declaration'))).toEqual(['paper']);
});

test('declined is a result, and so are notes read back', () => {
  const declined = rec('declaration.declined', { fields: { template: { id: 'disposal_declaration', version: 1 } } });
  expect(missing('discarded_claimed', declined, rec('identity.checked'))).toEqual([]);
  expect(missing('discarded_claimed', rec('hearing.read_back'), rec('identity.checked'))).toEqual([]);
});

test('a returned badge is photographed on both sides, or its pieces', () => {
  const done = [rec('item.received'), rec('identity.checked')];
  expect(missing('returned', ...done, photo('badge_front'))).toEqual(['item_photos']);
  expect(missing('returned', ...done, photo('badge_front'), photo('badge_back'))).toEqual([]);
  expect(missing('returned', ...done, photo('badge_pieces'))).toEqual([]);
});

test('nothing is asked of who had to leave at once', () => {
  expect(checklist('asked_to_leave', [])).toEqual([]);
});

test('what the records speak for is offered first', () => {
  expect(likelyOutcome([])).toBe('');
  expect(likelyOutcome([photo('absence_note')])).toBe('absent');
  expect(likelyOutcome([signed('loss_report')])).toBe('lost_claimed');
  expect(likelyOutcome([signed('disposal_declaration')])).toBe('discarded_claimed');
  expect(likelyOutcome([signed('disposal_declaration'), rec('item.received')])).toBe('returned');
});
