import { Faults } from '../ijson/index.ts';
import { readAnswer } from './wire.ts';

/**
 * Codes of problems on which a phone acts (docs/protocol.md §9). The whole table
 * is the server's; every other code means what retryable says.
 */
export type ProblemCode =
  | 'nonce_required' // 401: repeat at once with the Device-Nonce of the answer
  | 'device_unknown' // 401: show the certificate; keep everything
  | 'device_revoked' // 403: push and upload only
  | 'enrolment_code_invalid' // ask for another code
  | 'enrolment_code_expired'
  | 'enrolment_code_used'
  | 'too_many_records' // send smaller batches
  | 'body_too_large' // 413: the same
  | 'cursor_gone' // 410: rebuild the cache from the empty cursor
  | 'record_unknown' // 404: push the record first
  | 'blob_not_named' // 422: never send it again for this record
  | 'digest_mismatch' // 422: start the blob anew
  | 'checksum_mismatch' // 460: send the chunk again
  | 'offset_mismatch' // 409: go on at Upload-Offset
  | 'upload_expired' // 410: create the upload anew
  | 'rate_limited' // 429: after retryAfter
  | 'unavailable'; // 503: after retryAfter

/** What stands before the code in a problem's type. */
export const problemType = 'urn:tachiai:problem:';

/** A wait that is longer than this was not said by a Tachiai server, in ms. */
const maxWait = 24 * 60 * 60 * 1000;

/** The body of an answer that is not 2xx. */
export interface Problem {
  status: number;
  /** A ProblemCode, or one that this version does not know. */
  code: string;
  /** For people, never acted upon. */
  title: string;
  retryable: boolean;
  /** ms. */
  retryAfter: number;
  errors: { pointer: string; code: string }[];
}

/**
 * Reads an application/problem+json body. What is not of that form (ijson's
 * Fault or FaultList is thrown) did not come from a Tachiai server: a proxy, a
 * captive portal.
 */
export function parseProblem(body: Uint8Array): Problem {
  const f = new Faults();
  const o = readAnswer(body, f);
  const status = o.int('status');
  const code = o.string('code');
  const title = o.string('title');
  const retryable = o.bool('retryable');
  if (o.string('type') !== problemType + code) o.fault('type', 'value', "not the code's");
  const retryAfter = o.optInt('retry_after_ms') ?? 0;
  if (retryAfter < 0 || retryAfter > maxWait) o.fault('retry_after_ms', 'value', 'out of range');
  const list = o.optArr('errors')?.objs() ?? [];
  const errors = [...list].map((e) => ({ pointer: e.string('pointer'), code: e.string('code') }));
  f.check();
  return { status, code, title, retryable, retryAfter, errors };
}
