import {
  clientShows,
  lookup,
  type Outline,
  type Presentation,
  paperFields,
  type Values,
} from '../../core/form/index.ts';
import { emptyStructure, hashCore, newID, type Opened, type Structure } from '../../core/record/index.ts';
import { type Content, deviceSigner, newDeviceKey, type Signer, seal, thumbprint } from '../../core/seal/index.ts';
import { vectors } from '../../core/vectors.ts';
import { digest } from '../files.ts';
import { bytesOf, Ledger, newServerKey, type ServerKey, token } from './notary.ts';

const origin = 'tachiai.example/2026';
const random = (into: Uint8Array<ArrayBuffer>) => globalThis.crypto.getRandomValues(into);
export const signedAt = Date.UTC(2026, 10, 20, 12, 9, 33);

/** A letter as JSON holds it, open to be tampered with. */
export interface Wire {
  token: string;
  token_expires_at: number;
  agency: string;
  origin: string;
  server_time: number;
  keys: string;
  certificates: string[];
  checkpoint: string;
  disclosure?: Record<string, unknown>;
  facts: Record<string, unknown>;
  records: {
    record: string;
    receipt: string;
    inclusion?: { index: number; size: number; hashes: string[] };
    template?: unknown;
  }[];
  photos: { record: string; id: string; sha256: string; size: number; type: string }[];
  document?: { sha256: string; size: number };
}

/** What a test holds beside the letter: whatever a forger could need. */
export interface Evening {
  wire: Wire;
  pdf: Uint8Array;
  photo: Uint8Array;
  keys: Record<'root' | 'receipt' | 'office' | 'ledger', ServerKey>;
  phone: Signer;
  seal(structure: Partial<Structure>, content: Values, signer: Signer): Promise<{ text: string; record: Opened }>;
  /** place gives a record a receipt, and all proofs and the checkpoint anew. */
  place(...records: { text: string; record: Opened }[]): Promise<Pick<Wire, 'records' | 'checkpoint'>>;
}

const contents = (values: Values): Content[] =>
  Object.entries(values).map(([name, value]) => ({ name, value: mapped(value) }));

/** Plain objects as what core marshals. */
function mapped(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(mapped);
  if (typeof v !== 'object' || v === null) return v;
  return new Map(Object.entries(v).map(([name, member]) => [name, mapped(member)]));
}

/** edition drops the fields that a client does not see. */
function edition(text: string, record: Opened, shows: (name: string) => boolean): string {
  const kept = record.fields.filter((f) => shows(f.name)).map((f) => f.raw);
  return `${[text.slice(0, text.indexOf('~')), ...kept].join('~')}~`;
}

const outline: Outline = {
  canvas: { w: 60000, h: 20000, dpr: 300 },
  lines: [
    [5000, 5000, 9000, 15000, 14000, 6000],
    [20000, 8000, 26000, 8200],
  ],
};

/** evening plays the main story and gives the letter that comes of it; copy: the signer's own, with all fields and without a disclosure. */
export async function evening(copy = false): Promise<Evening> {
  const id = () => newID(signedAt, random);
  const keys = {
    root: await newServerKey('root'),
    receipt: await newServerKey('receipt'),
    office: await newServerKey('office'),
    ledger: await newServerKey('ledger'),
  };
  const phone = deviceSigner(await newDeviceKey());
  const phoneID = await thumbprint(phone.publicKey);
  const [rep, preparer, approver, theCase, visit, disclosure] = [id(), id(), id(), id(), id(), id()];
  const ledger = new Ledger(origin);

  const sealOne: Evening['seal'] = (structure, content, signer) => {
    const own =
      signer === phone
        ? { seq: 1, prev: phoneID, tz: 'Asia/Tokyo', boot: 'AAAAAAAAAAAAAAAAAAAAAA', mono: 5, policy: 'jp-1', visit }
        : {};
    const base = { ...emptyStructure(), id: id(), case: theCase, at: signedAt, actor: rep, app: 'test' };
    return seal({ ...base, ...own, ...structure }, contents(content), signer, random);
  };
  const place: Evening['place'] = async (...records) => {
    const receipts: string[] = [];
    for (const { record } of records) {
      const phoneOnly = record.seq > 0 ? { seq: record.seq, skew_ms: -1200 } : {};
      const receipt = await token('receipt+jwt', keys.receipt, {
        v: 1,
        origin,
        index: ledger.size,
        hash: record.hash,
        kid: record.keyID,
        ...phoneOnly,
        received_at: signedAt + 3_600_000,
      });
      ledger.append(receipt);
      receipts.push(receipt);
    }
    const from = ledger.size - records.length;
    const placed = records.map(async ({ text }, n) => ({
      record: text,
      receipt: receipts[n] ?? '',
      inclusion: await ledger.inclusion(from + n),
    }));
    return { records: await Promise.all(placed), checkpoint: await ledger.checkpoint(keys.ledger) };
  };

  const paper = await declaration();
  const photo = bytesOf('a photo of two halves of a badge');
  const pdf = bytesOf('%PDF-1.7 the declaration');
  const signed = await sealOne({ kind: 'declaration.signed' }, paper.fields, phone);
  const taken = await sealOne(
    {
      kind: 'photo.captured',
      seq: 2,
      prev: signed.record.hash,
      blobs: [
        { id: 'p1', role: 'badge_pieces' },
        { id: 'p1v', role: 'preview' },
      ],
    },
    {
      source: 'camera',
      'blob.p1': { sha256: await digest(bytesOf('original')), size: 8, type: 'image/jpeg', of: null },
      'blob.p1v': { sha256: await digest(photo), size: photo.length, type: 'image/jpeg', of: 'p1' },
    },
    phone,
  );
  const prepared = await sealOne(
    { kind: 'disclosure.prepared', actor: preparer, blobs: [{ id: 'd', role: 'document' }] },
    {
      disclosure,
      documents: [signed.record.hash],
      photos: [{ record: taken.record.hash, id: 'p1v' }],
      recipient: {
        name: '大橋 部長',
        organisation: '株式会社東都ホールディングス',
        department: '情報システム統括本部',
      },
      purpose: '入館証の回収状況の確認のため',
      expires_at: signedAt + 14 * 86_400_000,
      'blob.d': { sha256: await digest(pdf), size: pdf.length, type: 'application/pdf', of: null },
    },
    keys.office.signer,
  );
  const approved = await sealOne(
    { kind: 'disclosure.approved', actor: approver },
    { disclosures: [disclosure], decision: 'approved' },
    keys.office.signer,
  );
  await place(
    await sealOne({ kind: 'note.written', seq: 9, prev: await hashCore('x') }, { note: 'someone else' }, phone),
  ); // the ledger holds others too
  const shown = {
    ...signed,
    text: copy ? signed.text : edition(signed.text, signed.record, (name) => clientShows(paper.template, name)),
  };
  const placed = await place(...(copy ? [shown] : [shown, taken, prepared, approved]));
  return {
    wire: {
      token: 't',
      token_expires_at: signedAt,
      agency: '東都スタッフ株式会社',
      origin,
      server_time: signedAt + 86_400_000,
      keys: await token('keys+jwt', keys.root, {
        v: 1,
        version: 1,
        origin,
        origins: [origin],
        issued_at: signedAt,
        rescue: '',
        keys: Object.values(keys).map((k) => ({ use: k.use, kid: k.keyID, ...k.publicKey })),
      }),
      certificates: [
        await token('device-cert+jwt', keys.office, {
          v: 1,
          origin,
          jwk: phone.publicKey,
          member: rep,
          name: '山﨑 誠',
          issued_at: signedAt,
        }),
      ],
      facts: { number: '2026-0147', item: '入館証', client: '株式会社東都ホールディングス' },
      ...placed,
      photos: copy
        ? []
        : [
            {
              record: taken.record.hash,
              id: 'p1v',
              sha256: await digest(photo),
              size: photo.length,
              type: 'image/jpeg',
            },
          ],
      ...(copy
        ? {}
        : {
            disclosure: { id: disclosure, recipient: {}, expires_at: signedAt },
            document: { sha256: await digest(pdf), size: pdf.length },
          }),
    },
    pdf,
    photo,
    keys,
    phone,
    seal: sealOne,
    place,
  };
}

/** declaration fills in the paper of the story, as the golden vectors do. */
async function declaration() {
  const form = vectors<{
    values: { template: string; values: Values }[];
    presentations: { presentation: Record<string, unknown>; faults: unknown[]; form: unknown[] }[];
  }>('form', 'values', 'presentations');
  const template = await lookup('disposal_declaration', 1);
  const values = form.values.find((v) => v.template === 'disposal_declaration.1')?.values;
  if (template === undefined || values === undefined) throw new Error('no declaration in the vectors');
  const presentation: Presentation = {
    template: template.id,
    version: template.version,
    lang: 'ja',
    method: 'H',
    shownMS: 95_000,
    scrolledToEnd: true,
    readAloud: false,
    consents: template.items
      .filter((i) => i.type === 'consent')
      .map((i, n) => ({ key: i.key, given: values[i.key] === true, afterMS: 60_000 + n })),
    copy: String(values.copy ?? ''),
  };
  const strokes = {
    canvas: { ...outline.canvas },
    lines: outline.lines.map((line) => line.flatMap((x, i) => (i % 2 === 0 ? [x, line[i + 1] ?? 0, i * 10, 500] : []))),
  };
  const fields: Values = {
    ...(await paperFields(template, { ...values, signature_method: 'H' }, presentation)),
    geo: { lat: 356581000, lng: 1397016000, accuracy_m: 12, age_ms: 800 },
    place_match: { verdict: 'match', distance_band: 'le_50', accuracy_m: 12 },
    strokes,
    signature_outline: { canvas: { ...outline.canvas }, lines: outline.lines },
    witness: { name: '山﨑 誠', affiliation: '東都スタッフ株式会社' },
    note: '玄関先は暗く、照明を使用',
    companions: [],
  };
  return { template, fields };
}
