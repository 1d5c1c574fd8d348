import { expect, test } from 'vitest';
import type { HeldRecord } from '../../engine/index.ts';
import { owedHand, secondDraft } from './second.ts';

const rec = (kind: string, fields: object): HeldRecord =>
  ({ kind, kept: true, hash: kind, blobs: [], fields }) as unknown as HeldRecord;
const receipt = (state: string, method = 'H') =>
  rec('item.received', {
    presentation: { template: 'return_receipt', version: 1, lang: 'en', method },
    'field.returner_signature_state': state,
    'field.item_kind': '入館証',
    item: '入館証',
  });
const signed = (template: string) => rec('declaration.signed', { presentation: { template } });
const declined = rec('declaration.declined', { template: { id: 'return_receipt', version: 1 } });

test('the one who returned an item is asked to sign where the receipt says so, once', () => {
  expect(owedHand([receipt('signed')])?.kind).toBe('item.received');
  expect(owedHand([receipt('absent')])).toBeUndefined();
  expect(owedHand([receipt('signed', 'P')])).toBeUndefined();
  expect(owedHand([receipt('signed'), signed('return_receipt')])).toBeUndefined();
  expect(owedHand([receipt('signed'), declined])).toBeUndefined();
  expect(owedHand([receipt('signed'), signed('disposal_declaration')])).toBeDefined();
  expect(owedHand([receipt('signed'), signed('return_receipt'), receipt('signed')])).toBeDefined();
});

test('he signs the same text: its version, its language, its values', () => {
  const d = secondDraft(receipt('signed'), 5);
  expect(d).toMatchObject({ template: 'return_receipt', version: 1, lang: 'en', stage: 'read', second: true });
  expect(d?.values).toEqual({ returner_signature_state: 'signed', item_kind: '入館証' });
});
