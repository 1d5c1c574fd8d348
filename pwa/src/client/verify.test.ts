import { beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '../core/encoding/text.ts';
import { parse } from '../core/seal/index.ts';
import { type Claim, overall } from './claim.ts';
import { digest } from './files.ts';
import { parseLetter } from './letter.ts';
import { render } from './paper.ts';
import { type Evening, evening, type Wire } from './testing/evening.ts';
import { bytesOf, flipped, newServerKey, token } from './testing/notary.ts';
import { type Files, verify, withFiles } from './verify.ts';

let story: Evening;
let files: Files;

beforeAll(async () => {
  story = await evening();
  files = { photos: new Map([[0, await digest(story.photo)]]), document: await digest(story.pdf) };
});

async function judge(wire: Wire, got: Files = files) {
  const letter = parseLetter(utf8(JSON.stringify(wire)));
  const report = await verify(letter);
  const claims = withFiles(letter, report, got);
  return { report, claims, all: overall(claims) };
}

/** What is wrong, in short: "signature: differs record_signature@0". */
const wrong = (claims: readonly Claim[]) =>
  claims.flatMap((c) =>
    c.findings.map((f) => `${c.id}: ${f.status} ${f.fault}${f.at === undefined ? '' : `@${f.at}`}`),
  );

const clone = (): Wire => structuredClone(story.wire);

test('a letter that nobody touched holds in every claim', async () => {
  const { report, claims, all } = await judge(story.wire);
  expect(wrong(claims)).toEqual([]);
  expect(claims.map((c) => c.id)).toEqual(
    'signature fields text hand device receipt ledger office keys photos document'.split(' '),
  );
  expect(all).toEqual({ status: 'holds', holds: 11 });
  expect(report.papers.map((p) => p.template.id)).toEqual(['disposal_declaration']);
  const [paper] = report.papers;
  expect(paper && render(paper, 'ja')).toContain('(提供先には開示しません)');
  expect(paper && render(paper, 'en')).toContain('Declaration of disposal');
});

test("the signer's own copy holds without office and document, and shows the whole text", async () => {
  const copy = await evening(true);
  const { report, claims, all } = await judge(copy.wire, { photos: new Map(), document: undefined });
  expect(wrong(claims)).toEqual([]);
  expect(all.status).toBe('holds');
  expect(claims.map((c) => c.id)).toEqual('signature fields text hand device receipt ledger keys'.split(' '));
  const [paper] = report.papers;
  expect(paper?.whole).toBe(true);
  expect(paper && render(paper, 'ja')).not.toContain('(提供先には開示しません)');
});

test('what nobody has fetched yet is pending, and does not keep the rest from holding', async () => {
  const { claims, all } = await judge(story.wire, { photos: new Map(), document: undefined });
  expect(claims.filter((c) => c.status === 'pending').map((c) => c.id)).toEqual(['photos', 'document']);
  expect(all).toEqual({ status: 'holds', holds: 9 });
});

/** Known-bad letters, each with the one claim that must turn, and the words that say why. */
const tampered: [string, (w: Wire, s: Evening) => void | Promise<void>, string[]][] = [
  [
    'L22 one bit of the signature of the phone',
    (w) => void edit(w, 0, 'record', (t) => flipped(t, t.indexOf('~') - 5)),
    ['signature: differs record_signature@0'],
  ],
  [
    'L22 one bit of what the phone signed',
    (w) => void edit(w, 0, 'record', (t) => flipped(t, t.indexOf('.') + 40)),
    ['signature: differs record_broken@0'],
  ],
  [
    'L22 one bit of a field',
    (w) => void edit(w, 0, 'record', (t) => flipped(t, t.length - 20)),
    ['fields: differs stray_field@0'],
  ],
  ['L22 a field is dropped', (w) => drop(w, 0, 'field.worker'), ['text: differs text_differs@0']],
  ['L22 an optional field is dropped', (w) => drop(w, 0, 'field.item_accessories'), ['text: differs text_differs@0']],
  [
    'L22 the drawing of the signature is dropped',
    (w) => drop(w, 0, 'signature_outline'),
    ['hand: differs outline_missing@0'],
  ],
  [
    'L22 a field of another record is put in',
    (w) => void edit(w, 0, 'record', (t) => `${t}${w.records[1]?.record.split('~')[1]}~`),
    ['fields: differs stray_field@0'],
  ],
  [
    'L22 the declaration is left out',
    (w) => void w.records.splice(0, 1),
    ['text: differs no_paper', 'office: differs documents_differ'],
  ],
  ['L22 the record of a photo is left out', (w) => void w.records.splice(1, 1), ['photos: differs photo_unnamed@-1']],
  ['L22 the approval is left out', (w) => void w.records.splice(3, 1), ['office: differs approved_missing']],
  [
    'L22 the preparation is left out',
    (w) => void w.records.splice(2, 1),
    ['office: differs prepared_missing', 'document: differs document_unnamed'],
  ],
  [
    'L22 a record is there twice',
    (w) => void w.records.push(structuredClone(w.records[0] as Wire['records'][0])),
    ['signature: differs record_twice@4'],
  ],
  [
    'L22 no record at all',
    (w) => void w.records.splice(0),
    [
      'text: differs no_paper',
      'signature: differs nothing_sealed',
      'fields: differs nothing_sealed',
      'receipt: differs nothing_sealed',
      'ledger: differs nothing_sealed',
    ],
  ],
  [
    'L22 two receipts change places',
    (w) => swap(w, 'receipt'),
    ['receipt: differs receipt_other@0', 'ledger: differs proof_differs@0'],
  ],
  [
    'L22 two proofs change places',
    (w) => swap(w, 'inclusion'),
    ['ledger: differs proof_differs@0', 'ledger: differs proof_differs@1'],
  ],
  [
    'L22 one bit of a receipt',
    (w) => void edit(w, 0, 'receipt', (t) => flipped(t, -8)),
    ['receipt: differs receipt_signature@0'],
  ],
  [
    'L22 one bit of what a receipt says',
    (w) => void edit(w, 0, 'receipt', (t) => flipped(t, t.indexOf('.') + 60)),
    ['ledger: differs proof_differs@0'],
  ],
  [
    'L22 one hash of a proof',
    (w) => void w.records[0]?.inclusion?.hashes.splice(0, 1, `${'A'.repeat(43)}=`),
    ['ledger: differs proof_differs@0'],
  ],
  [
    'L22 the tail of a proof is cut',
    (w) => void w.records[0]?.inclusion?.hashes.pop(),
    ['ledger: differs proof_differs@0'],
  ],
  [
    'L22 no proof',
    (w) => {
      delete w.records[0]?.inclusion;
    },
    ['ledger: unknown proof_missing@0'],
  ],
  [
    'L22 one bit of the checkpoint',
    (w) => {
      w.checkpoint = w.checkpoint.replace('\n5\n', '\n6\n');
    },
    ['ledger: differs checkpoint_forged'],
  ],
  [
    'L22 the tail of the checkpoint is cut',
    (w) => {
      w.checkpoint = w.checkpoint.slice(0, 60);
    },
    ['ledger: differs checkpoint_broken'],
  ],
  [
    'L22 the checkpoint of another ledger',
    (w) => {
      w.checkpoint = w.checkpoint.replaceAll('tachiai.example', 'other.example');
    },
    ['ledger: unknown checkpoint_key'],
  ],
  [
    'L22 one bit of the certificate',
    (w) => {
      w.certificates[0] = flipped(w.certificates[0] ?? '', -8);
    },
    ['device: differs certificate_signature', 'signature: unknown certificate_missing@0'],
  ],
  [
    'L22 no certificate',
    (w) => void w.certificates.pop(),
    ['device: unknown certificate_missing@0', 'signature: unknown certificate_missing@0'],
  ],
  [
    'L22 one bit of the key set',
    (w) => {
      w.keys = flipped(w.keys, -8);
    },
    [
      'keys: differs keys_signature',
      'device: unknown needs_keys',
      'receipt: unknown needs_keys',
      'ledger: unknown needs_keys',
      'office: unknown needs_keys@2',
    ],
  ],
  [
    'L22 the key set is no token',
    (w) => {
      w.keys = 'nothing';
    },
    ['keys: differs keys_broken'],
  ],
  [
    'L22 a key set by another root',
    async (w, s) => {
      w.keys = await foreignKeys(s);
    },
    ['keys: differs keys_root'],
  ],
  [
    'L22 the disclosure is another one',
    (w) => {
      if (w.disclosure) w.disclosure.id = '0190c5f6-0000-7000-8000-000000000001';
    },
    ['office: differs disclosure_other', 'office: differs not_approved'],
  ],
  [
    'L22 expired',
    (w) => {
      w.server_time += 20 * 86_400_000;
    },
    ['office: differs expired'],
  ],
  [
    'L22 a photo more than was approved',
    (w) => void w.photos.push({ ...(w.photos[0] as Wire['photos'][0]), id: 'p1' }),
    ['office: differs photos_differ', 'photos: differs photo_unnamed@1'],
  ],
  ['L22 a photo fewer', (w) => void w.photos.pop(), ['office: differs photos_differ']],
  [
    'L22 another digest of a photo',
    (w) => {
      if (w.photos[0]) w.photos[0].sha256 = 'a'.repeat(64);
    },
    ['photos: differs photo_unnamed@1', 'photos: differs photo_differs@1'],
  ],
  [
    'L22 another digest of the PDF',
    (w) => {
      if (w.document) w.document.sha256 = 'a'.repeat(64);
    },
    ['document: differs document_unnamed', 'document: differs document_differs'],
  ],
];

describe('known-bad letters', () => {
  test.each(tampered)('%s', async (_name, tamper, expected) => {
    const wire = clone();
    await tamper(wire, story);
    expect(JSON.stringify(wire)).not.toBe(JSON.stringify(story.wire));
    const { claims, all } = await judge(wire);
    expect(all.status).not.toBe('holds');
    expect(wrong(claims)).toEqual(expect.arrayContaining(expected));
    expect(all.status).toBe(expected.some((e) => e.includes('differs')) ? 'differs' : 'unknown');
  });

  test('L22 one bit anywhere in a signed text is never taken for good', async () => {
    const targets: ((w: Wire) => [string, (t: string) => void])[] = [
      (w) => [
        w.keys,
        (t) => {
          w.keys = t;
        },
      ],
      (w) => [
        w.certificates[0] ?? '',
        (t) => {
          w.certificates[0] = t;
        },
      ],
      ...[0, 1, 2, 3].flatMap((n): ((w: Wire) => [string, (t: string) => void])[] => [
        (w) => [w.records[n]?.record ?? '', (t) => edit(w, n, 'record', () => t)],
        (w) => [w.records[n]?.receipt ?? '', (t) => edit(w, n, 'receipt', () => t)],
      ]),
    ];
    for (const target of targets) {
      const [whole] = target(clone());
      for (let step = 0; step < 6; step++) {
        const wire = clone();
        const [text, put] = target(wire);
        put(flipped(text, Math.floor(((step + 0.5) * whole.length) / 6)));
        const { all } = await judge(wire);
        expect(all.status, `${step} of ${whole.slice(0, 30)}`).not.toBe('holds');
      }
    }
  }, 60_000);
});

test('L22 a PDF with one byte more is not the one that was approved', async () => {
  const longer = new Uint8Array([...story.pdf, 0x0a]);
  const { claims, all } = await judge(story.wire, { ...files, document: await digest(longer) });
  expect(wrong(claims)).toEqual(['document: differs document_differs']);
  expect(all.status).toBe('differs');
});

test('L22 a photo with another byte, and one that does not come', async () => {
  const other = await judge(story.wire, { ...files, photos: new Map([[0, await digest(bytesOf('another photo'))]]) });
  expect(wrong(other.claims)).toEqual(['photos: differs photo_differs@1']);
  const none = await judge(story.wire, { ...files, photos: new Map([[0, 'missing']]) });
  expect(wrong(none.claims)).toEqual(['photos: unknown photo_missing@1']);
  expect(none.all.status).toBe('unknown');
});

describe('statements that are well signed and still do not fit', () => {
  test('a phone of another member', async () => {
    const wire = clone();
    const member = '0190c5f6-0000-7000-8000-000000000001';
    wire.certificates = [
      await token('device-cert+jwt', story.keys.office, {
        v: 1,
        origin: wire.origin,
        jwk: story.phone.publicKey,
        member,
        name: 'x',
        issued_at: 1,
      }),
    ];
    expect(wrong((await judge(wire)).claims)).toEqual([
      'device: differs actor_differs@0',
      'device: differs actor_differs@1',
    ]);
  });

  test('prepared and approved by one person, refused, and for another case', async () => {
    const office = story.keys.office.signer;
    const [paper, photo, prepared] = await Promise.all(
      story.wire.records.map(async (r) => ({ text: r.record, record: await parse(r.record) })),
    );
    if (!paper || !photo || !prepared) throw new Error('records');
    const disclosures = [String(story.wire.disclosure?.id)];
    const same = await story.seal(
      { kind: 'disclosure.approved', actor: prepared.record.actor },
      { disclosures, decision: 'approved' },
      office,
    );
    const refused = await story.seal(
      { kind: 'disclosure.approved', actor: paper.record.actor },
      { disclosures, decision: 'refused', reason: 'x' },
      office,
    );
    const elsewhere = await story.seal(
      { kind: 'disclosure.approved', actor: paper.record.actor, case: prepared.record.id },
      { disclosures, decision: 'approved' },
      office,
    );
    for (const [last, fault] of [
      [same, 'same_person'],
      [refused, 'not_approved'],
      [elsewhere, 'case_differs'],
    ] as const) {
      const wire = { ...clone(), ...(await story.place(paper, photo, prepared, last)) };
      expect(wrong((await judge(wire)).claims)).toEqual([`office: differs ${fault}`]);
    }
  });

  test('an office record by a key that is not the office’s', async () => {
    const forger = await newServerKey('office');
    const records = await Promise.all(
      story.wire.records.map(async (r) => ({ text: r.record, record: await parse(r.record) })),
    );
    const approved = await story.seal(
      { kind: 'disclosure.approved' },
      { disclosures: [String(story.wire.disclosure?.id)], decision: 'approved' },
      forger.signer,
    );
    const wire = { ...clone(), ...(await story.place(...records.slice(0, 3), approved)) };
    expect(wrong((await judge(wire)).claims)).toEqual(['office: unknown office_key@3']);
  });
});

function edit(w: Wire, n: number, member: 'record' | 'receipt', change: (text: string) => string): void {
  const sent = w.records[n];
  if (sent) sent[member] = change(sent[member]);
}

async function drop(w: Wire, n: number, name: string): Promise<void> {
  const { fields } = await parse(w.records[n]?.record ?? '');
  const raw = fields.find((f) => f.name === name)?.raw;
  if (raw === undefined) throw new Error(`${name} is not there`);
  edit(w, n, 'record', (t) => t.replace(`~${raw}~`, '~'));
}

function swap(w: Wire, member: 'receipt' | 'inclusion'): void {
  const [a, b] = w.records;
  if (!a || !b) throw new Error('records');
  if (member === 'receipt') [a.receipt, b.receipt] = [b.receipt, a.receipt];
  else
    [a.inclusion, b.inclusion] = [
      b.inclusion as NonNullable<typeof b.inclusion>,
      a.inclusion as NonNullable<typeof a.inclusion>,
    ];
}

/** A set that says it is under the root, and is signed by a key that it does not hold. */
async function foreignKeys(s: Evening): Promise<string> {
  const other = await newServerKey('root');
  const keys = Object.values(s.keys).map((k) => ({ use: k.use, kid: k.keyID, ...k.publicKey }));
  return token('keys+jwt', other, {
    v: 1,
    version: 1,
    origin: s.wire.origin,
    origins: [s.wire.origin],
    issued_at: 1,
    rescue: '',
    keys,
  });
}

test('a paper that was shown and not signed needs no drawing', async () => {
  const [signed, ...rest] = await Promise.all(
    story.wire.records.map(async (r) => ({ text: r.record, record: await parse(r.record) })),
  );
  if (!signed) throw new Error('records');
  const values = Object.fromEntries(signed.record.fields.map((f) => [f.name, JSON.parse(f.value.raw())]));
  delete values.signature_outline;
  const declined = await story.seal(
    { kind: 'declaration.declined' },
    { ...values, reason: '気が変わった' },
    story.phone,
  );
  const wire = { ...clone(), ...(await story.place(declined, ...rest)) };
  const { claims, report } = await judge(wire);
  expect(claims.map((c) => c.id)).not.toContain('hand');
  expect(report.papers.map((p) => p.record.kind)).toEqual(['declaration.declined']);
  expect(wrong(claims)).toEqual(['office: differs documents_differ']);
});
