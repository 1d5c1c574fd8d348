import { describe, expect, test } from 'vitest';
import { builtin, checkPresentation, lookup, type Template, text, textHash, validate } from '../../core/form/index.ts';
import type { Case } from '../../core/history/index.ts';
import { besides, faultsOf, presentationOf, questions, repItems, textSoFar, unseen, workerItems } from './parts.ts';
import { documentNo, type Filled, prefill, type Sources } from './prefill.ts';

const c = {
  id: 'c',
  facts: {
    worker_name: '髙橋 健',
    worker_kana: 'タカハシ ケン',
    client: '株式会社東都',
    item: '入館証',
    item_printed_no: 'TH-00147',
    item_count: 1,
    address: '東京都港区三田一丁目2番3号',
    contract_end: '2026-11-13',
    item_lent_on: 'unknown',
  },
} as unknown as Case;
const sources: Sources = {
  case: c,
  profile: { name: '山﨑 誠', affiliation: '営業部', phone: '03-0000-0000' },
  memberName: '',
  agency: { name: '株式会社みなと人材', contact: '個人情報相談窓口' },
  now: Date.parse('2026-11-25T21:02:31+09:00'),
  place: 'restaurant',
  documentNo: 'DD-20261125-AB12C',
};
const template = async (id: string) => (await lookup(id, 1)) as Template;
const said: Filled = {
  discarded_when: { from: '2026-11-17', to: '2026-11-19', about: true },
  discarded_where: '自宅のごみ集積所',
  discarded_how: 'household_waste',
  reason: '退職したのでもう使わないと思いました。',
};
const agreed: Filled = {
  voluntary: true,
  read: true,
  consent_client: true,
  consent_gps: false,
  consent_photos: true,
  copy: 'qr',
};

describe('prefill', () => {
  test('what the phone knows stands there before anybody types', async () => {
    const v = prefill(await template('disposal_declaration'), sources, 'ja');
    expect(v).toMatchObject({
      written_at: '2026-11-25T21:02',
      written_place: 'restaurant',
      addressed_to: '株式会社みなと人材',
      worker: { name: '髙橋 健', kana: 'タカハシ ケン' },
      item_kind: '入館証',
      item_count: '1',
      contract_end: '2026-11-13',
      witness: { name: '山﨑 誠' },
      pd_recipients: '株式会社東都',
    });
  });
  test('what is no date is left for a person', async () => {
    expect(prefill(await template('disposal_declaration'), sources, 'ja')).not.toHaveProperty('item_lent_on');
  });
  test('every built-in paper takes its prefilled values without a fault of form', async () => {
    for (const t of await builtin()) {
      const faults = validate(t, prefill(t, sources, 'en')).filter((f) => f.code !== 'required');
      expect(faults, t.id).toEqual([]);
    }
  });
  test('numbers of documents differ', () => {
    expect(documentNo('disposal_declaration', sources.now, '019ac000-0000-7000-8000-00000000ab12')).toBe(
      'DD-20261125-0AB12',
    );
  });
});

describe('who fills in what', () => {
  test('every item is somebody’s, once', async () => {
    for (const t of await builtin()) {
      const all = [...repItems(t), ...workerItems(t), ...questions(t)].map((i) => i.key).sort();
      expect(all, t.id).toEqual(
        t.items
          .filter((i) => !['section', 'sentence', 'signature'].includes(i.type))
          .map((i) => i.key)
          .sort(),
      );
    }
  });
  test('faults name the items of one hand only', async () => {
    const t = await template('disposal_declaration');
    const v = prefill(t, sources, 'ja');
    expect([...faultsOf(t, v, repItems(t)).keys()]).toEqual(['identity_method', 'signature_method']);
    expect([...faultsOf(t, v, workerItems(t)).keys()]).toEqual([
      'discarded_when',
      'discarded_where',
      'discarded_how',
      'reason',
    ]);
  });
});

describe('the text', () => {
  test('what is not answered says so; once all is, it is the text that is hashed', async () => {
    const t = await template('disposal_declaration');
    const v = { ...prefill(t, sources, 'ja'), ...said, identity_method: 'known_by_sight', signature_method: 'H' };
    expect(textSoFar(t, v, 'ja')).toContain('［未回答］派遣先への提供');
    const all = { ...v, ...agreed };
    expect(textSoFar(t, all, 'ja')).toBe(text(t, all, 'ja'));
    expect(textSoFar(t, all, 'en')).toBe(text(t, all, 'en'));
  });
});

describe('two languages', () => {
  test('every built-in paper stands passage beside passage, and nothing of either is left out', async () => {
    for (const paper of await builtin()) {
      const values = paper.id === 'disposal_declaration' ? said : {};
      const [ja, en] = [textSoFar(paper, values, 'ja'), textSoFar(paper, values, 'en')];
      const list = besides(ja, en);
      expect(list.length).toBeGreaterThan(paper.items.some((i) => i.type === 'section') ? 3 : 0);
      expect([list.map((p) => p.main).join('\n\n'), list.map((p) => p.other).join('\n\n')]).toEqual([ja, en]);
    }
    expect(besides('一\n\n二', 'one')).toEqual([{ main: '一\n\n二', other: 'one' }]);
  });
});

describe('presentation', () => {
  test('fits the paper by the judge of the core', async () => {
    const t = await template('disposal_declaration');
    const all = {
      ...prefill(t, sources, 'ja'),
      ...said,
      identity_method: 'known_by_sight',
      signature_method: 'H',
      ...agreed,
    };
    const shown = {
      ...unseen,
      ms: 90_000.4,
      scrolledToEnd: true,
      after: { consent_client: 60_000, consent_gps: 70_000, consent_photos: 95_000 },
    };
    const p = presentationOf(t, all, 'ja', shown);
    expect(p.consents.map((one) => one.given)).toEqual([true, false, true]);
    expect(await checkPresentation(p, t, all, await textHash(text(t, all, 'ja')))).toEqual([]);
  });
  test('neither scrolled nor read aloud does not pass', async () => {
    const t = await template('disposal_declaration');
    const all = {
      ...prefill(t, sources, 'ja'),
      ...said,
      identity_method: 'known_by_sight',
      signature_method: 'H',
      ...agreed,
    };
    const faults = await checkPresentation(
      presentationOf(t, all, 'ja', { ...unseen, ms: 5 }),
      t,
      all,
      await textHash(text(t, all, 'ja')),
    );
    expect(faults.map((f) => f.pointer)).toEqual(['/scrolled_to_end']);
  });
});
