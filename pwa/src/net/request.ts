import { type Signer, signProof } from '../core/seal/index.ts';
import { maxAnswer, parseProblem } from '../core/wire/index.ts';
import { NetError } from './fault.ts';

/** What this package takes from its platform. */
export interface NetPorts {
  fetch(input: string, init: RequestInit): Promise<Response>;
  timers: { set(callback: () => void, ms: number): unknown; clear(handle: unknown): void };
  /** ms since some start. */
  mono(): number;
}

/** A request to the phone's API. */
export interface Call {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below PUBLIC_URL. */
  path: string;
  /** Without the question mark. */
  query?: string;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer>;
  /** Statuses that are answers; others are problems. */
  expect: readonly number[];
  /** Media type that the answer's body must have; "" for an answer without one. */
  media: string;
  /** ms without an end after which it is given up. */
  patience: number;
  signal?: AbortSignal | undefined;
  /** It goes when the line has nothing else to carry, where the platform can order it so. */
  isBehind?: boolean | undefined;
}

/** An answer of the server, and of nobody else. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

const problemMedia = 'application/problem+json';

/** The server takes a nonce for 15 minutes; one that is nearly as old is not tried. */
const nonceLife = 14 * 60_000;

/** Speaks to one server with one key. Nonces come with every answer; the phone's clock plays no part. */
export class Caller {
  readonly publicURL: string;
  readonly #signer: Signer;
  readonly #ports: NetPorts;
  #nonce = '';
  #nonceAt = 0;

  constructor(publicURL: string, signer: Signer, ports: NetPorts) {
    this.publicURL = publicURL.replace(/\/$/, '');
    this.#signer = signer;
    this.#ports = ports;
  }

  /** A proof of another key for the same request and nonce: how an old key vouches for a new one. */
  vouch(signer: Signer, method: string, path: string): Promise<string> {
    return signProof(signer, method, this.publicURL + path, this.#nonce);
  }

  /**
   * A request with a proof, repeated once when the server asks for a fresh nonce.
   * Without a nonce the first try only fetches one, and carries no body. body is
   * made anew each time: it may depend on the nonce.
   */
  async call(call: Call, body?: () => Promise<Uint8Array<ArrayBuffer>>): Promise<Answer> {
    if (this.#ports.mono() - this.#nonceAt > nonceLife) this.#nonce = '';
    for (let repeated = false; ; repeated = true) {
      const bare = this.#nonce === '';
      const proof = await signProof(this.#signer, call.method, this.publicURL + call.path, this.#nonce || 'none');
      const content = bare ? undefined : ((await body?.()) ?? call.body);
      try {
        return await this.#send(call, content, { 'Device-Proof': proof });
      } catch (error) {
        const again = error instanceof NetError && error.problemCode === 'nonce_required' && this.#nonce !== '';
        if (!again || repeated) throw error;
      }
    }
  }

  /** A request that needs no proof and whose answer brings no nonce. */
  plain(call: Call): Promise<Answer> {
    return this.#send(call, call.body, {}, false);
  }

  async #send(
    call: Call,
    content: Uint8Array<ArrayBuffer> | undefined,
    proof: Record<string, string>,
    nonced = true,
  ): Promise<Answer> {
    const { response, body } = await exchange(
      this.#ports,
      `${this.publicURL}${call.path}${call.query ? `?${call.query}` : ''}`,
      {
        method: call.method,
        headers: { Accept: `${call.media || '*/*'}, ${problemMedia}`, ...call.headers, ...proof },
        ...(content && { body: content }),
      },
      call,
    );
    const nonce = response.headers.get('Device-Nonce');
    if (nonce && /^[A-Za-z0-9_-]{1,128}$/.test(nonce)) {
      this.#nonce = nonce;
      this.#nonceAt = this.#ports.mono();
    } else if (nonced) throw new NetError('portal', `status ${response.status} without a nonce`);
    const media = (response.headers.get('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (call.expect.includes(response.status)) {
      if (call.media !== '' && media !== call.media) throw new NetError('portal', `an answer of type ${media}`);
      return { status: response.status, headers: response.headers, body };
    }
    throw readProblem(call, response, media, body);
  }
}

/** HEAD has no body to say what is wrong; its status has to do. */
const headCodes: Record<number, string> = {
  401: 'nonce_required',
  404: 'not_found',
  410: 'upload_expired',
  422: 'digest_mismatch',
};

function readProblem(call: Call, response: Response, media: string, body: Uint8Array): NetError {
  const { status, headers } = response;
  if (call.method === 'HEAD') {
    const code = headCodes[status] ?? (status >= 500 ? 'unavailable' : 'bad_request');
    const retryable = status >= 500 || status === 429;
    return new NetError('problem', code, {
      problem: { status, code, title: '', retryable, retryAfter: 0, errors: [] },
      headers,
    });
  }
  if (media !== problemMedia) return new NetError('portal', `status ${status} of type ${media}`);
  try {
    const problem = parseProblem(body);
    return new NetError('problem', problem.code, { problem, headers });
  } catch (cause) {
    return new NetError('portal', 'not a problem of ours', { cause });
  }
}

/** One exchange, given up when it takes longer than its patience or is called off. */
async function exchange(
  ports: NetPorts,
  url: string,
  init: RequestInit,
  call: Call,
): Promise<{ response: Response; body: Uint8Array<ArrayBuffer> }> {
  const control = new AbortController();
  let late = false;
  const abort = () => control.abort();
  const timer = ports.timers.set(() => {
    late = true;
    abort();
  }, call.patience);
  if (call.signal?.aborted) abort();
  call.signal?.addEventListener('abort', abort);
  try {
    const response = await ports.fetch(url, {
      ...init,
      ...(call.isBehind && { priority: 'low' }),
      signal: control.signal,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'manual', // a captive portal's; the server never redirects
      referrerPolicy: 'no-referrer',
    });
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      throw new NetError('portal', 'a redirect');
    }
    const body = new Uint8Array(await response.arrayBuffer());
    if (body.length > maxAnswer) throw new NetError('portal', `an answer of ${body.length} bytes`);
    return { response, body };
  } catch (cause) {
    if (cause instanceof NetError) throw cause;
    if (late) throw new NetError('timeout', '', { cause });
    throw new NetError('offline', '', { cause });
  } finally {
    ports.timers.clear(timer);
    call.signal?.removeEventListener('abort', abort);
  }
}
