import { expect, test } from 'vitest';
import { lookup, type Template } from '../../core/form/index.ts';
import { newDraft, type PaperDraft, rewritten, turned } from './draft.ts';
import { write } from './pad.ts';

const paper = async () => (await lookup('disposal_declaration', 1)) as Template;
const ink = write(
  { w: 0, h: 0, strokes: [], undone: [] },
  { w: 300, h: 150 },
  [1, 2, 3].map((n) => ({ x: n * 40, y: n * 20, t: n * 90, p: 0 })),
);

/** A paper that was read to the end, answered, and signed. */
function signed(t: Template): PaperDraft {
  const purpose = t.items.find((i) => i.key === 'pd_purpose')?.default.ja ?? '';
  const values = {
    reason: '退職したため。',
    pd_purpose: purpose,
    pd_items: '氏名だけ。',
    voluntary: true,
    consent_gps: false,
  };
  return {
    ...newDraft(t.id, 1, 'ja', values, 0),
    stage: 'read',
    ink,
    shown: { ms: 60_000, scrolledToEnd: true, readAloud: false, after: { consent_gps: 50_000 } },
  };
}

test('no hand stands under a text that was changed after it', async () => {
  const t = await paper();
  const d = signed(t);
  const own = rewritten(t, d, { ...d.values, reason: '別の理由。' }, 'worker');
  expect(own).toMatchObject({ ink: { strokes: [] }, shown: { scrolledToEnd: false }, values: { voluntary: true } });
  const reps = rewritten(t, d, { ...d.values, item_number: 'X' }, 'rep');
  expect(reps).toMatchObject({ ink: { strokes: [] }, shown: { scrolledToEnd: false, after: {} } });
  expect([reps.values?.voluntary, reps.values?.consent_gps]).toEqual([undefined, undefined]); // asked again
});

test('in another language the texts of the paper itself are in that language, and what somebody wrote stays', async () => {
  const t = await paper();
  const next = turned(t, signed(t), 'en');
  expect(next.values?.pd_purpose).toBe(t.items.find((i) => i.key === 'pd_purpose')?.default.en);
  expect([next.values?.pd_items, next.values?.reason]).toEqual(['氏名だけ。', '退職したため。']);
  expect(next).toMatchObject({ lang: 'en', ink: { strokes: [] }, shown: { ms: 0 } });
});
