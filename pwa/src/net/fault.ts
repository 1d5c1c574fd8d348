import type { Problem } from '../core/wire/index.ts';

/** Why a request has no answer that means anything. */
export type NetFault =
  | 'offline' // no connection
  | 'timeout' // nothing moved for too long
  | 'portal' // somebody else answered: a captive portal, a proxy, a broken server
  | 'problem'; // the server answered with a problem

/** A request that has failed. Nothing may be concluded about whether the server did it. */
export class NetError extends Error {
  readonly code: NetFault;
  /** For problem. */
  readonly problem: Problem | undefined;
  /** Header fields of the problem's answer. */
  readonly headers: Headers | undefined;

  constructor(code: NetFault, detail = '', more: { problem?: Problem; headers?: Headers; cause?: unknown } = {}) {
    super(detail ? `${code}: ${detail}` : code, { cause: more.cause });
    this.name = 'NetError';
    this.code = code;
    this.problem = more.problem;
    this.headers = more.headers;
  }

  /** The problem's code, "" for other faults. */
  get problemCode(): string {
    return this.problem?.code ?? '';
  }
}
