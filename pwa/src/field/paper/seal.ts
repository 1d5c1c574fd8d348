import { encodeBase64url } from '../../core/encoding/base64.ts';
import { sha256, take } from '../../core/encoding/bytes.ts';
import { encodeHex } from '../../core/encoding/hex.ts';
import { checkPresentation, drawing, paperFields, type Template } from '../../core/form/index.ts';
import type { Draft, DraftBlob, Sealed } from '../../engine/index.ts';
import { phone } from '../phone.ts';
import { blobsOf } from '../photo/take.ts';
import type { Sample } from '../place/fixes.ts';
import { placeFields } from '../place/fixes.ts';
import { pointOf } from '../place/match.ts';
import type { Held } from '../visit/use.ts';
import { isOwn, type PaperDraft, pageKeys, pagesOf, paperKey } from './draft.ts';
import { sealedHand } from './pad.ts';
import { presentationOf } from './parts.ts';
import type { Filled } from './prefill.ts';

type Fields = [string, unknown][];

/** Why a paper cannot be sealed yet; the screen says it kindly. */
export type Unready = 'blank' | 'short' | 'pages' | 'kept' | 'unread' | 'code';

export class NotReady extends Error {
  readonly why: Unready;

  constructor(why: Unready) {
    super(why);
    this.why = why;
  }
}

/** A secret for the worker's copy: 32 random bytes as 43 characters. */
export function newSecret(): string {
  return encodeBase64url(take((into) => crypto.getRandomValues(into), 32));
}

/** The key under which the secret of a copy stays on this phone, so that the QR code can be shown again. */
export const copyKey = (digest: string) => `copy/${digest}`;

/** What opens the signer's copy: without a code of his own nothing would. A receipt carries it once, beside the rep's hand. */
async function copyFields(d: PaperDraft): Promise<Fields> {
  if (d.values.copy !== 'qr' || d.second) return [];
  if (!/^[0-9]{4,12}$/.test(d.copyCode)) throw new NotReady('code');
  const secret = d.copySecret || newSecret();
  const digest = encodeHex(await sha256(secret));
  await phone().drafts.put(copyKey(digest), secret);
  return [
    ['copy_sha256', digest],
    ['copy_code_sha256', encodeHex(await sha256(`${secret}.${d.copyCode}`))],
  ];
}

function name(v: unknown): string {
  const n = (v as { name?: unknown } | null | undefined)?.name;
  return typeof n === 'string' ? n : '';
}

/** Who saw the other sign: the witness of a declaration, the receiver of an item. */
function witness(values: Filled): Fields {
  const who = name(values.witness) || name(values.received_by);
  if (!who) return [];
  const of = values.witness_affiliation ?? values.received_by_affiliation;
  const affiliation = typeof of === 'string' ? { affiliation: of } : {};
  return [['witness', { name: who, ...affiliation }]];
}

/** What item.received says beside the paper, in the words of its own fields. */
function receiptFields(v: Filled): Fields {
  const text = (key: string) => (typeof v[key] === 'string' ? (v[key] as string) : '');
  const some = (field: string, value: string): Fields => (value ? [[field, value]] : []);
  const proxy: Fields =
    text('returned_by_relation') === 'proxy' && name(v.returned_by) && text('proxy_relation')
      ? [
          [
            'proxy',
            {
              name: name(v.returned_by),
              relation: text('proxy_relation'),
              ...(text('proxy_check') ? { checked: text('proxy_check') } : {}),
            },
          ],
        ]
      : [];
  return [
    ...some('item', text('item_kind')),
    ...some('condition', text('condition')),
    ...some('item_number', text('item_number')),
    ...some('how', text('delivery')),
    ...some('tracking_no', text('tracking_no')),
    ...some('returned_by', name(v.returned_by)),
    ...proxy,
    ...some('missing', text('still_missing')),
    ...some('bag_no', text('bag_no')),
    ...some('kept_where', text('kept_where')),
    ...some('kept_by', name(v.kept_by)),
  ];
}

/**
 * Where a paper was signed. Who does not agree to the position has none kept: it counts as switched off. Without a sample the visit is over: where
 * the phone is now says nothing about where it was signed.
 */
function whereSigned(v: Held, d: PaperDraft, sample: Sample | undefined): Fields {
  if (d.values.consent_gps === false) return [['geo_missing', 'off']];
  if (!sample) return [['geo_missing', 'stale']];
  return placeFields(sample, phone().now(), pointOf(v.case?.facts.address_point));
}

/**
 * Seals a signed paper: the values, how it was shown, the hashes of exactly the text
 * that was on the screen and of what a client sees of it, the hand, where. Nothing is sealed that the judge of the
 * core would not pass.
 */
export async function sealSigned(v: Held, t: Template, d: PaperDraft, sample: Sample | undefined): Promise<Sealed> {
  const app = phone();
  const presentation = presentationOf(t, d.values, d.lang, d.shown);
  if (!presentation.scrolledToEnd && !presentation.readAloud) throw new NotReady('unread');
  const paper = await paperFields(t, d.values, presentation);
  const faults = await checkPresentation(presentation, t, d.values, String(paper.text_sha256));
  if (faults.length > 0) throw new Error(`presentation: ${faults[0]?.code} at ${faults[0]?.pointer}`);
  const hand = await handFields(v.visit, d, presentation.method);
  const receipt = isOwn(t, d);
  const draft: Draft = {
    kind: receipt ? 'item.received' : 'declaration.signed',
    case: v.caseID,
    visit: v.visit,
    fields: [
      ...whereSigned(v, d, sample),
      ...(receipt ? receiptFields(d.values) : []),
      ...Object.entries(paper),
      ...hand.fields,
      ...(await copyFields(d)),
      ...(receipt ? [] : witness(d.values)),
    ],
    blobs: hand.blobs,
    consumes: [paperKey(v.visit, t.id), ...hand.keys],
  };
  return app.seal(draft);
}

async function handFields(
  visit: string,
  d: PaperDraft,
  method: string,
): Promise<{ fields: Fields; blobs: DraftBlob[]; keys: string[] }> {
  if (method === 'P') {
    const pages = await pagesOf(visit, d);
    if (pages.length === 0) throw new NotReady('pages');
    if (!d.paperKept.trim()) throw new NotReady('kept');
    const made = await Promise.all(pages.map((p, n) => blobsOf(p, `paper_page_${n + 1}`, `page${n + 1}`)));
    return {
      fields: [['paper_kept', d.paperKept.trim()]],
      blobs: made.flatMap((m) => m.blobs),
      keys: pageKeys(visit, d),
    };
  }
  const hand = sealedHand(d.ink, globalThis.devicePixelRatio || 1);
  if ('fault' in hand) throw new NotReady(hand.fault);
  return {
    fields: [
      ['strokes', drawing(hand.strokes)],
      ['signature_outline', drawing(hand.outline)],
    ],
    blobs: [],
    keys: [],
  };
}

/** Seals that the worker did not sign, and why: an outcome like any other. What he had begun to answer is not kept. */
export async function sealDeclined(
  v: Held,
  t: Template,
  d: PaperDraft,
  reason: string,
  sample: Sample,
): Promise<Sealed> {
  const app = phone();
  return app.seal({
    kind: 'declaration.declined',
    case: v.caseID,
    visit: v.visit,
    fields: [
      ...placeFields(sample, app.now(), pointOf(v.case?.facts.address_point)),
      ['reason', reason],
      ['template', { id: t.id, version: t.version, sha256: t.sha256 }],
      ...witness(d.values),
    ],
    consumes: [paperKey(v.visit, t.id), ...pageKeys(v.visit, d)],
  });
}
