import type { StoreError } from '../store/index.ts';

/** Why the engine cannot do what it was asked. Screens have words for each. */
export type EngineFault =
  | 'not_enrolled' // no member on this installation
  | 'locked' // a PIN is set and was not given yet
  | 'pin_wrong'
  | 'pin_wait' // too many wrong PINs: wait, see retryAfterMS
  | 'code' // not an enrolment code or link
  | 'root' // the server is not the one whose fingerprint the QR code holds
  | 'refused' // the server said no: problem has its code
  | 'offline' // no network, or it is not the server that answers
  | 'too_large' // the record would exceed 64 KiB
  | 'content' // fields or blobs that cannot be sealed: the caller's mistake
  | 'empty_blob' // no bytes, or none that are what they seem
  | 'quota' // the phone's storage is full; nothing was saved
  | 'store' // the phone's storage does not answer; nothing was saved
  | 'outdated' // a newer version of the app has taken over the phone's storage; nothing was saved
  | 'rescue' // no recipient to encrypt a rescue file for
  | 'gone' // bytes that this phone no longer holds
  | 'damaged'; // bytes that are not what was sealed

/** A fault of the engine. When seal throws one, nothing was saved. */
export class EngineError extends Error {
  readonly code: EngineFault;
  /** Of the server, for refused. */
  readonly problem: string;
  readonly retryAfterMS: number;

  constructor(
    code: EngineFault,
    more: { detail?: string; problem?: string; retryAfterMS?: number; cause?: unknown } = {},
  ) {
    super(more.detail ? `${code}: ${more.detail}` : code, { cause: more.cause });
    this.name = 'EngineError';
    this.code = code;
    this.problem = more.problem ?? '';
    this.retryAfterMS = more.retryAfterMS ?? 0;
  }
}

/** What a fault of the store means to who wanted something kept. */
export function ofStore(cause: StoreError): EngineError {
  const { code } = cause;
  return new EngineError(code === 'quota' || code === 'locked' || code === 'outdated' ? code : 'store', { cause });
}

/** A token names a key, or an answer a ledger, that the key set does not know. */
export class KeysWanted extends Error {
  constructor() {
    super('the key set is out of date');
    this.name = 'KeysWanted';
  }
}

/** Nothing goes on until a person does something. */
export class Refused extends Error {
  readonly fault: string;

  constructor(fault: string, options?: ErrorOptions) {
    super(fault, options);
    this.name = 'Refused';
    this.fault = fault;
  }
}
