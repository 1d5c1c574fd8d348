import { fromUTF8, utf8 } from '../core/encoding/text.ts';
import type { Signer } from '../core/seal/index.ts';
import {
  type EnrolAnswer,
  type EnrolCode,
  type FeedAnswer,
  type FeedQuery,
  formatFeedQuery,
  marshalEnrolRequest,
  marshalPush,
  type Push,
  type PushAnswer,
  parseEnrolAnswer,
  parseFeedAnswer,
  parsePushAnswer,
} from '../core/wire/index.ts';
import { NetError } from './fault.ts';
import type { Caller } from './request.ts';

const base = '/api/field/v1';
const json = 'application/json';

/** How long a request may take that carries so many bytes: a slow line gets its time, a dead one does not hold the queue. */
export function patience(bytes: number): number {
  return 25_000 + bytes / 2; // 2 bytes a ms: 16 kbit/s
}

/** Pushes records. Its answer still acknowledges nothing: receipts are to be checked. */
export async function push(caller: Caller, p: Push): Promise<PushAnswer> {
  const text = own(utf8(marshalPush(p)));
  const packed = text.length > 1024 ? await gzip(text) : undefined;
  const body = packed ?? text;
  const answer = await caller.call({
    method: 'POST',
    path: `${base}/records`,
    headers: { 'Content-Type': json, ...(packed && { 'Content-Encoding': 'gzip' }) },
    body,
    expect: [200],
    media: json,
    patience: patience(body.length),
  });
  const parsed = read(() => parsePushAnswer(answer.body));
  if (parsed.results.length !== p.records.length) throw new NetError('portal', 'an answer to something else');
  return parsed;
}

/** Hands over a rescue file. Its answer acknowledges nothing either. */
export async function rescue(caller: Caller, file: Uint8Array<ArrayBuffer>): Promise<PushAnswer> {
  const answer = await caller.call({
    method: 'POST',
    path: `${base}/rescue`,
    headers: { 'Content-Type': 'application/octet-stream' },
    body: file,
    expect: [200],
    media: json,
    patience: patience(file.length),
  });
  return read(() => parsePushAnswer(answer.body));
}

/** One page of the feed. */
export async function feed(caller: Caller, query: FeedQuery): Promise<FeedAnswer> {
  const answer = await caller.call({
    method: 'GET',
    path: `${base}/feed`,
    query: formatFeedQuery(query),
    expect: [200],
    media: json,
    patience: patience(256 << 10),
  });
  return read(() => parseFeedAnswer(answer.body));
}

/** The keys+jwt; nothing of it is verified. */
export async function keys(caller: Caller): Promise<string> {
  const answer = await caller.plain({
    method: 'GET',
    path: '/keys',
    expect: [200],
    media: 'application/jwt',
    patience: patience(0),
  });
  const text = fromUTF8(answer.body);
  if (text === undefined) throw new NetError('portal', 'not a key set');
  return text;
}

/** Enrols the caller's key: with a code, or with the old key's proof. */
export async function enrol(
  caller: Caller,
  signer: Signer,
  label: string,
  by: { code: EnrolCode } | { old: Signer },
): Promise<EnrolAnswer> {
  const path = `${base}/enrol`;
  const body = async () => {
    const authority = 'code' in by ? by : { authorisedBy: await caller.vouch(by.old, 'POST', path) };
    return own(utf8(marshalEnrolRequest({ jwk: signer.publicKey, label, ...authority })));
  };
  const call = { method: 'POST', path, headers: { 'Content-Type': json }, expect: [200], media: json } as const;
  const answer = await caller.call({ ...call, patience: patience(4096) }, body);
  return read(() => parseEnrolAnswer(answer.body));
}

/** Reads an answer; what is not of its form was not said by our server. */
function read<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new NetError('portal', 'not an answer of ours', { cause });
  }
}

/** gzip where the platform has it. */
async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (typeof CompressionStream === 'undefined') return undefined;
  const packed = new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip')));
  return new Uint8Array(await packed.arrayBuffer());
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
