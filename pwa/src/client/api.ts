const base = '/api/client/v1';

/** The server's no, or no answer at all. code is a problem's, or "network". */
export class Refused extends Error {
  readonly code: string;
  /** ms until it makes sense to try again; 0 when nothing was said. */
  readonly retryAfter: number;

  constructor(code: string, retryAfter = 0) {
    super(code);
    this.name = 'Refused';
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** What opens a letter: a link with its passcode, or the signer's secret with his code. */
export type Opening = { link: string; passcode: string } | { secret: string; code: string };

/** openLetter gives the letter's bytes. It counts as a view. Throws Refused. */
export function openLetter(opening: Opening): Promise<Uint8Array<ArrayBuffer>> {
  return request('link' in opening ? 'open' : 'copy', { body: opening });
}

/** The calls that an open letter allows; each throws Refused, with session_required or unauthorized when the token is too old. */
export interface Session {
  document(): Promise<Uint8Array<ArrayBuffer>>;
  photo(sha256: string): Promise<Uint8Array<ArrayBuffer>>;
  acknowledge(name: string, department: string): Promise<number>;
  ask(question: string): Promise<number>;
}

export function session(token: string): Session {
  const at = async (path: string, body: object): Promise<number> => {
    const answer: unknown = JSON.parse(new TextDecoder().decode(await request(path, { token, body })));
    const time = (answer as { at?: unknown } | null)?.at;
    if (typeof time !== 'number') throw new Refused('network');
    return time;
  };
  return {
    document: () => request('document', { token, type: 'application/pdf' }),
    photo: (sha256) => request(`photos/${sha256}`, { token, type: 'image/' }),
    acknowledge: (name, department) => at('acknowledge', { name, department }),
    ask: (question) => at('ask', { question }),
  };
}

async function request(
  path: string,
  { token, body, type = 'application/json' }: { token?: string; body?: object; type?: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const headers = new Headers({ Accept: `${type === 'image/' ? 'image/*' : type}, application/problem+json` });
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  let answer: Response;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    answer = await fetch(`${base}/${path}`, {
      headers,
      method: body === undefined ? 'GET' : 'POST',
      body: body === undefined ? null : JSON.stringify(body),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
    });
    bytes = new Uint8Array(await answer.arrayBuffer());
  } catch {
    throw new Refused('network');
  }
  const kind = answer.headers.get('Content-Type') ?? '';
  if (answer.ok && kind.startsWith(type)) return bytes;
  throw refusal(answer.ok, bytes);
}

/** refusal reads a problem (docs/protocol.md section 9). Whatever else came is no word of the server: a proxy's page, a hotel's. */
function refusal(ok: boolean, bytes: Uint8Array): Refused {
  if (ok) return new Refused('network');
  try {
    const problem: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { type, code, retry_after_ms } = problem as { type?: unknown; code?: unknown; retry_after_ms?: unknown };
    if (typeof code === 'string' && type === `urn:tachiai:problem:${code}`) {
      return new Refused(code, typeof retry_after_ms === 'number' ? retry_after_ms : 0);
    }
  } catch {
    // no JSON at all
  }
  return new Refused('network');
}
