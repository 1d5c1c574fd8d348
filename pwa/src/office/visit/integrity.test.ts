import { expect, test } from 'vitest';
import { encodeBase64url } from '../../core/encoding/base64.ts';
import { utf8 } from '../../core/encoding/text.ts';
import { readEntries } from './entry.ts';
import { groundOf } from './ground.ts';
import { judgeAll, judgeWhole } from './integrity.ts';
import { type Story, story } from './story.ts';

/** Judges a story and lists what does not hold, as "record: check verdict why". */
async function faults(s: Story): Promise<string[]> {
  const ground = await groundOf(s.claims);
  const entries = await readEntries(s.held);
  const judged = await judgeAll(entries, ground, s.sources);
  const own = ground.checks.flatMap((c) => (c.verdict === 'holds' ? [] : [`${c.name} ${c.verdict} ${c.why}`]));
  const theirs = judged.flatMap((j, i) =>
    j.checks.flatMap((c) => (c.verdict === 'holds' ? [] : [`${i}: ${c.name} ${c.verdict} ${c.why}`])),
  );
  return [...own, ...theirs];
}

/** A story in which one thing of a record is other than it was. */
async function told(change: (s: Story) => void): Promise<string[]> {
  const s = await story();
  change(s);
  return faults(s);
}

const first = (s: Story) => s.held[0] as Story['held'][number];

/** Flips one character of base64url so that the text stays canonical. */
function flip(text: string, at: number): string {
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
}

test('a visit that nobody touched holds in every point', async () => {
  expect(await told(() => undefined)).toEqual([]);
});

test('a field that says something else is no longer among those that were signed', async () => {
  const forged = encodeBase64url(utf8(JSON.stringify([encodeBase64url(new Uint8Array(16)), 'note', '会えた'])));
  const changed = await told((s) => {
    first(s).record = first(s).record.replace(/~[^~]+~$/, `~${forged}~`);
  });
  expect(changed).toEqual(['0: fields differs stray']);
});

test('a field that is gone cannot be judged, and is not called false', async () => {
  const changed = await told((s) => {
    first(s).record = first(s).record.replace(/~[^~]+~$/, '~');
  });
  expect(changed).toEqual(['0: fields unknown withheld']);
});

test('a byte of what was signed breaks signature, receipt and the chain behind it', async () => {
  const changed = await told((s) => {
    const payload = first(s).record.split('.')[1] ?? '';
    const text = new TextDecoder().decode(
      Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)),
    );
    first(s).record = first(s).record.replace(payload, encodeBase64url(utf8(text.replace('"at":1000', '"at":1001'))));
  });
  expect(changed).toEqual([
    '0: signature differs bad_signature',
    '0: receipt differs other_record',
    '0: ledger unknown no_receipt',
    '1: journal differs chain',
  ]);
});

test('a signature of another key', async () => {
  const other = await story();
  const changed = await told((s) => {
    s.claims.devices = other.claims.devices;
  });
  expect(changed).toEqual([
    'certificates differs bad_certificate',
    '0: signature unknown unknown_key',
    '1: signature unknown unknown_key',
  ]);
});

test('the receipt of another record', async () => {
  const changed = await told((s) => {
    first(s).receipt = s.held[1]?.receipt ?? '';
  });
  expect(changed).toEqual(['0: receipt differs other_record', '0: ledger unknown no_receipt']);
});

test('a receipt that somebody wrote himself', async () => {
  const changed = await told((s) => {
    first(s).receipt = flip(first(s).receipt, first(s).receipt.length - 10);
  });
  expect(changed).toEqual(['0: receipt differs bad_receipt', '0: ledger unknown no_receipt']);
});

test('a record that is not in the ledger', async () => {
  const changed = await told((s) => {
    const inclusion = s.sources.inclusion;
    s.sources = {
      ...s.sources,
      inclusion: async (i, n) =>
        utf8(new TextDecoder().decode(await inclusion(1 - i, n)).replace(`"index":${1 - i}`, `"index":${i}`)),
    };
  });
  expect(changed).toEqual(['0: ledger differs not_included', '1: ledger differs not_included']);
});

test('a server with another root, and one without', async () => {
  const other = await story();
  const changed = await told((s) => {
    s.claims.pinned = other.claims.pinned;
  });
  expect(changed[0]).toBe('root differs other_root');
  expect(changed).toContain('0: signature unknown no_keys');
  const unpinned = await told((s) => {
    s.claims.pinned = undefined;
  });
  expect(unpinned).toEqual(['root unknown not_pinned']);
});

test('a checkpoint that another ledger signed', async () => {
  const other = await story();
  const changed = await told((s) => {
    s.claims.checkpoint = other.claims.checkpoint;
  });
  expect(changed).toEqual([
    'checkpoint differs bad_checkpoint',
    '0: ledger unknown no_checkpoint',
    '1: ledger unknown no_checkpoint',
  ]);
});

test('a text that is no record hides no other', async () => {
  const changed = await told((s) => {
    first(s).record = '<html>';
  });
  expect(changed).toEqual(['0: form differs malformed', '1: journal unknown prev_missing']);
});

test('a visit is whole when its end names everything, and everything is here', async () => {
  const { held } = await story();
  const entries = await readEntries(held);
  expect(judgeWhole(entries)).toEqual(['holds', 'whole']);
  expect(judgeWhole(entries.slice(1))).toEqual(['unknown', 'missing']);
  expect(judgeWhole(entries.slice(0, 1))).toEqual(['unknown', 'not_ended']);
});
