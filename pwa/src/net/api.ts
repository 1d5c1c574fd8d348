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

/**
 * Pushes records of about so many bytes. make is asked for them once the line has answered with a nonce: where there is no network, it costs nothing.
 * The answer still acknowledges nothing: receipts are to be checked.
 */
export async function push(caller: Caller, bytes: number, make: () => Promise<Push>): Promise<PushAnswer> {
  const isPacked = typeof CompressionStream !== 'undefined';
  let asked = 0;
  const body = async () => {
    const p = await make();
    asked = p.records.length;
    const text = own(utf8(marshalPush(p)));
    return isPacked ? gzip(text) : text;
  };
  const answer = await caller.call(
    {
      method: 'POST',
      path: `${base}/records`,
      headers: { 'Content-Type': json, ...(isPacked && { 'Content-Encoding': 'gzip' }) },
      expect: [200],
      media: json,
      patience: patience(bytes),
    },
    body,
  );
  const parsed = read(() => parsePushAnswer(answer.body));
  if (parsed.results.length !== asked) throw new NetError('portal', 'an answer to something else');
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

/** Bytes that are packed in one go. */
const piece = 64 << 10;

/** gzip, a piece at a time: a tap that comes in between is answered first. */
async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packer = new CompressionStream('gzip');
  const packed = new Response(packer.readable).arrayBuffer();
  const into = packer.writable.getWriter();
  for (let at = 0; at < bytes.length; at += piece) {
    if (at > 0) await new Promise((next) => setTimeout(next));
    await into.write(bytes.subarray(at, at + piece));
  }
  await into.close();
  return new Uint8Array(await packed);
}

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
