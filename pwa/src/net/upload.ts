import { formatContentDigest, plan } from '../core/blob/index.ts';
import { sha256 } from '../core/encoding/bytes.ts';
import type { Hash } from '../core/record/index.ts';
import { uploadChecksum, uploadMetadata } from '../core/wire/index.ts';
import { patience } from './api.ts';
import { NetError } from './fault.ts';
import type { Pace } from './pace.ts';
import type { Answer, Call, Caller } from './request.ts';

const base = '/api/field/v1';
const tus = { 'Tus-Resumable': '1.0.0' };
const chunkMedia = 'application/offset+octet-stream';

/** A blob to be sent. */
export interface Sending {
  /** Of the record, or the text form of the SHA-256 of a quarantined text. */
  owner: Hash;
  sha256: string;
  bytes: Uint8Array<ArrayBuffer>;
  /** Path of an upload that was begun, "" for none. */
  upload: string;
  signal?: AbortSignal | undefined;
  /** Another blob goes before it: see Call. */
  isBehind?: boolean | undefined;
}

/** What a sender tells its caller while it works. */
export interface Steps {
  /** An upload was created, or given up (""): keep its path, so that the next run can go on there. */
  upload(path: string): Promise<void>;
  /** The server has so many bytes. */
  progress(offset: number): void;
  /** Asked after each chunk. False: stop, although there is more. */
  more(): boolean;
}

/**
 * Sends a blob and returns its receipt, unchecked; undefined when more() said
 * no. What fits into one chunk goes in one PUT; the rest by tus, in chunks that
 * grow and shrink with the line, and goes on where it was cut.
 */
export async function send(caller: Caller, s: Sending, pace: Pace, steps: Steps): Promise<string | undefined> {
  if (s.upload === '' && s.bytes.length <= pace.chunk) return put(caller, s, pace);
  let path = s.upload;
  let at = 0;
  if (path !== '') {
    try {
      const answer = await caller.call({ ...head(path, s) });
      const receipt = answer.headers.get('Blob-Receipt');
      if (receipt) return receipt;
      at = offset(answer.headers);
    } catch (error) {
      if (!isGone(error)) throw error;
      await steps.upload('');
      path = '';
    }
  }
  if (path === '') {
    path = await create(caller, s);
    await steps.upload(path);
  }
  steps.progress(at);
  do {
    const answer = await patch(caller, path, s, at, pace);
    const receipt = answer.headers.get('Blob-Receipt');
    if (receipt) return receipt;
    at = offset(answer.headers);
    if (at >= s.bytes.length) throw new NetError('portal', 'the last chunk was taken without a receipt');
    steps.progress(at);
  } while (steps.more());
  return undefined;
}

/** The receipt of a blob whose answer was lost; undefined when the server does not have it. */
export async function receipt(caller: Caller, owner: Hash, sha: string): Promise<string | undefined> {
  const path = `${base}/records/${owner}/blobs/${sha}/receipt`;
  try {
    const answer = await caller.call({ method: 'GET', path, expect: [200], media: '', patience: patience(0) });
    return receiptOf(answer);
  } catch (error) {
    if (error instanceof NetError && error.problem?.status === 404) return undefined;
    throw error;
  }
}

async function put(caller: Caller, s: Sending, pace: Pace): Promise<string> {
  const call: Call = {
    method: 'PUT',
    path: `${base}/records/${s.owner}/blobs/${s.sha256}`,
    headers: { 'Content-Type': 'application/octet-stream', 'Content-Digest': formatContentDigest(s.sha256) },
    body: s.bytes,
    expect: [200, 201],
    media: '',
    patience: patience(s.bytes.length),
    signal: s.signal,
    isBehind: s.isBehind,
  };
  return receiptOf(await pace.measure(s.bytes.length, () => caller.call(call)));
}

function receiptOf(answer: Answer): string {
  const token = answer.headers.get('Blob-Receipt');
  if (!token) throw new NetError('portal', 'no receipt in the answer');
  return token;
}

function head(path: string, s: Sending): Call {
  return { method: 'HEAD', path, headers: tus, expect: [200, 204], media: '', patience: patience(0), signal: s.signal };
}

async function create(caller: Caller, s: Sending): Promise<string> {
  const answer = await caller.call({
    method: 'POST',
    path: `${base}/uploads`,
    headers: { ...tus, 'Upload-Length': String(s.bytes.length), 'Upload-Metadata': uploadMetadata(s.owner, s.sha256) },
    expect: [201],
    media: '',
    patience: patience(0),
    signal: s.signal,
  });
  const location = answer.headers.get('Location') ?? '';
  const path = location.startsWith(caller.publicURL) ? location.slice(caller.publicURL.length) : location;
  if (!/^\/[A-Za-z0-9_/-]+$/.test(path)) throw new NetError('portal', 'no place for the upload');
  return path;
}

async function patch(caller: Caller, path: string, s: Sending, at: number, pace: Pace): Promise<Answer> {
  const part = plan(s.bytes.length, at, pace.chunk);
  const body = s.bytes.slice(part.from, part.to);
  const call: Call = {
    method: 'PATCH',
    path,
    headers: {
      ...tus,
      'Content-Type': chunkMedia,
      'Upload-Offset': String(part.from),
      'Upload-Checksum': uploadChecksum('sha256', await sha256(body)),
    },
    body,
    expect: [204],
    media: '',
    patience: patience(body.length),
    signal: s.signal,
    isBehind: s.isBehind,
  };
  try {
    return await pace.measure(body.length, () => caller.call(call));
  } catch (error) {
    // A chunk whose answer was lost has moved the offset: go on from there.
    if (!(error instanceof NetError) || error.problemCode !== 'offset_mismatch' || !error.headers) throw error;
    if (offset(error.headers) < s.bytes.length) return { status: 409, headers: error.headers, body: new Uint8Array() };
    return caller.call(head(path, s));
  }
}

function offset(headers: Headers): number {
  const text = headers.get('Upload-Offset') ?? '';
  if (!/^[0-9]{1,15}$/.test(text)) throw new NetError('portal', 'no offset in the answer');
  return Number(text);
}

function isGone(error: unknown): boolean {
  return (
    error instanceof NetError &&
    (error.problem?.status === 404 || error.problem?.status === 410 || error.problem?.status === 422)
  );
}
