import { parseProblem } from '../core/wire/index.ts';

/** What every request of this page lies under. */
const base = '/api/office/v1/';

/** The longest that an answer is waited for, ms. */
const patience = 30_000;

/**
 * A request that did not give what it asked for. code is the server's (docs/protocol.md §9), or one of the page's own: offline (nobody answered),
 * foreign (something else than this server answered).
 */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  /** ms, 0: not said. */
  readonly retryAfter: number;
  readonly errors: readonly { pointer: string; code: string }[];

  constructor(
    code: string,
    status = 0,
    title = '',
    retryAfter = 0,
    errors: readonly { pointer: string; code: string }[] = [],
  ) {
    super(title || code);
    this.name = 'Refusal';
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
    this.errors = errors;
  }
}

/** The refusal that an error is, so that screens have words for every one. */
export function refusalOf(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('foreign');
}

let lost: () => void = () => undefined;

/** Names who hears that there is no session any more. */
export function onSessionLost(hear: () => void): void {
  lost = hear;
}

/** Makes one request and gives the answer when it is 2xx. Throws a Refusal otherwise. */
async function request(method: string, url: string, body?: unknown): Promise<Response> {
  const init: RequestInit = { method, credentials: 'same-origin', cache: 'no-store', redirect: 'error' };
  init.signal = AbortSignal.timeout(patience);
  if (method !== 'GET') {
    init.headers = { 'Content-Type': 'application/json' };
    init.body = JSON.stringify(body ?? {});
  }
  let answer: Response;
  try {
    answer = await fetch(url, init);
  } catch {
    throw new Refusal('offline');
  }
  if (answer.ok) return answer;
  const refusal = await refusalFrom(answer);
  if (refusal.code === 'session_required') lost();
  throw refusal;
}

async function refusalFrom(answer: Response): Promise<Refusal> {
  try {
    const p = parseProblem(new Uint8Array(await answer.arrayBuffer()));
    return new Refusal(p.code, p.status, p.title, p.retryAfter, p.errors);
  } catch {
    return new Refusal('foreign', answer.status);
  }
}

/** Asks for JSON. The office trusts its server in what is only shown; records, receipts and proofs are verified apart from it. */
export async function read<T>(path: string): Promise<T> {
  return json<T>(await request('GET', base + path));
}

/** Changes something. The answer is undefined for 204. */
export async function act<T = void>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const answer = await request(method, base + path, body);
  return answer.status === 204 ? (undefined as T) : json<T>(answer);
}

/** Asks for bytes, below the office's API or, with a leading slash, anywhere on this server. */
export async function bytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await request('GET', path.startsWith('/') ? path : base + path);
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw new Refusal('offline');
  }
}

/** The address of what is opened in a window of its own. */
export function address(path: string): string {
  return base + path;
}

async function json<T>(answer: Response): Promise<T> {
  try {
    return (await answer.json()) as T;
  } catch {
    throw new Refusal('foreign', answer.status);
  }
}
