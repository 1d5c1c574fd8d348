import { decodeBase64, encodeBase64url } from '../../core/encoding/base64.ts';
import { sha256 } from '../../core/encoding/bytes.ts';
import { decodeHex, encodeHex } from '../../core/encoding/hex.ts';
import { fromUTF8, utf8 } from '../../core/encoding/text.ts';
import { blobFields, type Hash, type KeyID, newID, type Opened } from '../../core/record/index.ts';
import {
  oneKey,
  open,
  openProof,
  type PublicKey,
  parseJWK,
  type Signer,
  signerOf,
  thumbprint,
} from '../../core/seal/index.ts';
import { signToken } from '../../core/seal/token.ts';
import { formatCursor, parseCursor } from '../../core/wire/index.ts';

/** A request as the model server gets it. */
export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: Uint8Array;
}

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface Leaf {
  hash: Hash;
  token: string;
}

interface Held {
  text: string;
  record: Opened;
  index: number;
  token: string;
}

interface Suspect {
  text: string;
  token: string;
  decision: '' | 'released' | 'rejected';
  record: Opened;
}

interface Upload {
  owner: string;
  sha256: string;
  length: number;
  bytes: Uint8Array;
}

interface Books {
  origin: string;
  origins: string[];
  leaves: Leaf[];
  records: Map<Hash, Held>;
  suspects: Map<string, Suspect>;
  blobs: Map<string, { bytes: Uint8Array; token: string; index: number }>;
  uploads: Map<string, Upload>;
  feed: { index: number; member: string; type: string; id: string; body: string | null }[];
}

const base = '/api/field/v1';

async function newServerKey(): Promise<Signer> {
  const pair = (await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])) as CryptoKeyPair;
  const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey);
  return signerOf({ kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '' }, pair.privateKey);
}

/**
 * The server as docs/protocol.md describes it, in memory: what the simulation
 * holds the engine against. It verifies proofs and records with the real core. It
 * can be backed up, and thrown back to its backup.
 */
export class Server {
  readonly url = 'https://model.example';
  readonly devices = new Map<KeyID, { key: PublicKey; member: string; revoked: boolean }>();
  readonly codes = new Map<string, { member: string; name: string; kid: KeyID | '' }>();
  books: Books;
  /** What a batch must not hold: the server chokes on it as a whole. */
  poison: (hash: Hash) => 'bad_request' | 'internal' | undefined = () => undefined;
  /** What it cannot take as a record. */
  suspicious: (hash: Hash) => boolean = () => false;
  safeIndex = -1;
  rescue = '';
  agency: { name: string; contact?: string } | undefined;
  #backup: Books | undefined;
  #now: () => number;
  readonly #keys: Record<'root' | 'receipt' | 'office', Signer>;

  private constructor(now: () => number, keys: Record<'root' | 'receipt' | 'office', Signer>) {
    this.#now = now;
    this.#keys = keys;
    const origin = 'model.example/ledger/1';
    this.books = {
      origin,
      origins: [origin],
      leaves: [],
      records: new Map(),
      suspects: new Map(),
      blobs: new Map(),
      uploads: new Map(),
      feed: [],
    };
  }

  static async make(now: () => number): Promise<Server> {
    const [root, receipt, office] = await Promise.all([newServerKey(), newServerKey(), newServerKey()]);
    return new Server(now, { root, receipt, office });
  }

  async root(): Promise<KeyID> {
    return thumbprint(this.#keys.root.publicKey);
  }

  /** A code for a member, as the office gives it. */
  code(member: string, name: string): string {
    const code = `${this.codes.size}`.padStart(12, '0');
    this.codes.set(code, { member, name, kid: '' });
    return code;
  }

  async link(member: string, name: string): Promise<string> {
    return `${this.url}/field/enrol#${this.code(member, name)}.${await this.root()}`;
  }

  /** A finished backup of all that is here. */
  backup(): void {
    this.#backup = copy(this.books);
    this.safeIndex = this.books.leaves.length - 1;
  }

  /** A restored, older database: another origin, unless it is said nowhere. */
  restore(silent = false): boolean {
    if (!this.#backup) return false;
    const origins = this.books.origins;
    this.books = copy(this.#backup);
    if (!silent) {
      this.books.origin = `model.example/ledger/${origins.length + 1}`;
      this.books.origins = [...origins, this.books.origin];
      this.#backup = copy(this.books);
    }
    return true;
  }

  /** The office decides about what is in quarantine. */
  async decide(decision: 'released' | 'rejected', sha: string): Promise<void> {
    const s = this.books.suspects.get(sha);
    if (s?.decision !== '') return;
    s.decision = decision;
    if (decision === 'released') {
      await this.#append(s.text, s.record);
      for (const b of blobFields(s.record)) {
        const held = this.books.blobs.get(`${encodeBase64url(decodeHex(sha) ?? new Uint8Array())}/${b.sha256}`);
        if (held) await this.#store(s.record.hash, b.sha256, held.bytes);
      }
    }
    const member = this.devices.get(s.record.keyID)?.member ?? '';
    this.tell(member, 'quarantine', sha, { sha256: sha, decision });
  }

  /** A change for the feed of a member; null removes. */
  tell(member: string, type: string, id: string, body: object | null): void {
    this.books.leaves.push({ hash: '', token: `${type} ${id} ${this.books.leaves.length}` });
    const index = this.books.leaves.length - 1;
    this.books.feed = this.books.feed.filter((r) => r.member !== member || r.type !== type || r.id !== id);
    this.books.feed.push({ index, member, type, id, body: body && JSON.stringify(body) });
  }

  async handle(r: Request): Promise<Reply> {
    if (r.path === '/keys')
      return { status: 200, headers: { 'Content-Type': 'application/jwt' }, body: await this.#keySet() };
    const reply = await this.#route(r).catch((error: unknown) => {
      if (error instanceof Problem) return error.reply();
      throw error;
    });
    reply.headers['Device-Nonce'] = `n${this.#now()}`;
    return reply;
  }

  async #route(r: Request): Promise<Reply> {
    const nonce = await this.#proof(r);
    if (!/^n[0-9]+$/.test(nonce) || Math.abs(this.#now() - Number(nonce.slice(1))) > 15 * 60_000) {
      throw new Problem(401, 'nonce_required', true);
    }
    if (r.path === `${base}/enrol`) return this.#enrol(r);
    const device = await this.#device(r);
    if (r.path === `${base}/records`) return this.#push(r, device.kid);
    if (r.path === `${base}/feed`) return this.#feed(r, device);
    if (r.path === `${base}/uploads`) return this.#create(r);
    const blob = /^\/api\/field\/v1\/records\/([^/]+)\/blobs\/([0-9a-f]{64})(\/receipt)?$/.exec(r.path);
    if (blob) return blob[3] ? this.#receipt(blob[1] ?? '', blob[2] ?? '') : this.#put(r, blob[1] ?? '', blob[2] ?? '');
    const upload = /^\/api\/field\/v1\/uploads\/(u[0-9]+)$/.exec(r.path);
    if (upload) return r.method === 'HEAD' ? this.#head(upload[1] ?? '') : this.#patch(r, upload[1] ?? '');
    throw new Problem(404, 'not_found');
  }

  async #proof(r: Request): Promise<string> {
    const token = r.headers.get('Device-Proof') ?? '';
    return JSON.parse(fromUTF8(decode(token.split('.')[1] ?? '')) ?? '{}').nonce ?? '';
  }

  async #device(r: Request): Promise<{ kid: KeyID; member: string; revoked: boolean }> {
    const token = r.headers.get('Device-Proof') ?? '';
    const kid = JSON.parse(fromUTF8(decode(token.split('.')[0] ?? '')) ?? '{}').kid as KeyID;
    const device = this.devices.get(kid);
    if (!device) throw new Problem(401, 'device_unknown');
    await openProof(token, oneKey(device.key), r.method, this.url + r.path);
    return { kid, ...device };
  }

  async #enrol(r: Request): Promise<Reply> {
    const body = JSON.parse(fromUTF8(r.body) ?? '');
    const key = parseJWK(JSON.stringify(body.jwk));
    const kid = await thumbprint(key);
    await openProof(r.headers.get('Device-Proof') ?? '', oneKey(key), 'POST', this.url + r.path);
    let member: string;
    let name = '担当';
    if (body.authorised_by) {
      const old = JSON.parse(fromUTF8(decode(body.authorised_by.split('.')[0])) ?? '').kid;
      const device = this.devices.get(old);
      if (!device) throw new Problem(401, 'device_unknown');
      await openProof(body.authorised_by, oneKey(device.key), 'POST', this.url + r.path);
      member = device.member;
    } else {
      const code = this.codes.get(body.code);
      if (!code) throw new Problem(403, 'enrolment_code_invalid');
      if (code.kid !== '' && code.kid !== kid) throw new Problem(409, 'enrolment_code_used');
      code.kid = kid;
      ({ member, name } = code);
    }
    this.devices.set(kid, { key, member, revoked: false });
    const jwk = new Map<string, string>(Object.entries(body.jwk));
    const certificate = await signToken(
      'device-cert+jwt',
      new Map<string, unknown>([
        ['v', 1],
        ['origin', this.books.origin],
        ['jwk', jwk],
        ['member', member],
        ['name', name],
        ['issued_at', this.#now()],
      ]),
      this.#keys.office,
    );
    return json({
      certificate,
      keys: await this.#keySet(),
      member: { id: member, name },
      origin: this.books.origin,
      server_time: this.#now(),
    });
  }

  async #push(r: Request, caller: KeyID): Promise<Reply> {
    const bytes = r.headers.get('Content-Encoding') === 'gzip' ? await gunzip(r.body) : r.body;
    const { records } = JSON.parse(fromUTF8(bytes) ?? '') as { records: string[] };
    const results: object[] = [];
    const kids = new Set<KeyID>([caller]);
    const opened = await Promise.all(
      records.map((text) => open(text, (kid) => this.devices.get(kid)?.key).catch(() => undefined)),
    );
    for (const r of opened) {
      const choked = r && this.poison(r.hash);
      if (choked) throw new Problem(choked === 'internal' ? 500 : 400, choked, choked === 'internal');
    }
    for (const [i, text] of records.entries()) {
      const record = opened[i];
      if (record) kids.add(record.keyID);
      results.push(await this.#take(text, record));
    }
    const heads: Record<string, object> = {};
    for (const kid of kids) heads[kid] = this.head(kid);
    const missing = [...this.books.records.values()]
      .filter((h) => kids.has(h.record.keyID))
      .flatMap((h) =>
        blobFields(h.record)
          .filter((b) => !this.books.blobs.has(`${h.record.hash}/${b.sha256}`))
          .map((b) => ({ record: h.record.hash, id: b.id, sha256: b.sha256 })),
      )
      .slice(0, 500);
    return json({ results, heads, missing_blobs: missing, ...this.#standing() });
  }

  async #take(text: string, record: Opened | undefined): Promise<object> {
    const held = record && this.books.records.get(record.hash);
    if (held) return { hash: held.record.hash, status: 'duplicate', receipt: held.token };
    if (!record || this.suspicious(record.hash)) {
      const sha = encodeHex(await sha256(text));
      let suspect = this.books.suspects.get(sha);
      if (!suspect) {
        const token = await signToken(
          'quarantine-receipt+jwt',
          new Map<string, unknown>([
            ['v', 1],
            ['origin', this.books.origin],
            ['sha256', sha],
            ['received_at', this.#now()],
            ['code', 'signature'],
          ]),
          this.#keys.receipt,
        );
        suspect = { text, token, decision: '', record: record as Opened };
        this.books.suspects.set(sha, suspect);
      }
      return { hash: sha, status: 'quarantined', receipt: suspect.token, problem: 'signature' };
    }
    const { token } = await this.#append(text, record);
    return { hash: record.hash, status: 'accepted', receipt: token };
  }

  async #append(text: string, record: Opened): Promise<Held> {
    const index = this.books.leaves.length;
    const token = await signToken(
      'receipt+jwt',
      new Map<string, unknown>([
        ['v', 1],
        ['origin', this.books.origin],
        ['index', index],
        ['hash', record.hash],
        ['kid', record.keyID],
        ['seq', record.seq],
        ['received_at', this.#now()],
        ['skew_ms', 0],
      ]),
      this.#keys.receipt,
    );
    // Signed in no time: another request may have come in between in here, never in the real server's lock.
    if (this.books.leaves.length !== index) return this.#append(text, record);
    const held = { text, record, index, token };
    this.books.leaves.push({ hash: record.hash, token });
    this.books.records.set(record.hash, held);
    return held;
  }

  /** The highest gap-free seq of a journal. */
  head(kid: KeyID): { seq: number; hash: Hash } {
    const seqs = new Map<number, Hash>();
    for (const { record } of this.books.records.values()) {
      if (record.keyID === kid && !seqs.has(record.seq)) seqs.set(record.seq, record.hash);
    }
    let seq = 0;
    while (seqs.has(seq + 1)) seq++;
    return { seq, hash: seqs.get(seq) ?? kid };
  }

  #standing() {
    return { origin: this.books.origin, safe_index: this.safeIndex, server_time: this.#now() };
  }

  async #feed(r: Request, device: { member: string; revoked: boolean }): Promise<Reply> {
    if (device.revoked) throw new Problem(403, 'device_revoked');
    const cursor = parseCursor(r.query.get('cursor') ?? '');
    const limit = Number(r.query.get('limit') ?? '100');
    if (cursor.index > 0 && cursor.leaf !== (await this.#leafName(cursor.index - 1)))
      throw new Problem(410, 'cursor_gone');
    const rows = this.books.feed
      .filter((f) => f.member === device.member && f.index >= cursor.index)
      .sort((a, b) => a.index - b.index);
    const taken = rows.slice(0, limit);
    const more = rows.length > taken.length;
    const index = more ? (taken.at(-1)?.index ?? 0) + 1 : this.books.leaves.length;
    const changes = taken.map((f) => ({
      index: f.index,
      n: 0,
      op: f.body === null ? 'remove' : 'put',
      type: f.type,
      id: f.id,
      body: f.body === null ? null : JSON.parse(f.body),
    }));
    const next = index === 0 ? '' : formatCursor({ index, leaf: await this.#leafName(index - 1) });
    return json({ changes, cursor: next, more, ...this.#standing(), ...(this.agency && { agency: this.agency }) });
  }

  async #leafName(index: number): Promise<string> {
    const leaf = this.books.leaves[index];
    return leaf ? encodeHex(await sha256(leaf.token)).slice(0, 32) : '';
  }

  /** Which blobs may be sent for an owner, by digest; throws record_unknown. */
  #owned(owner: string): { owner: string; sizes: Map<string, number> } {
    const record =
      this.books.records.get(owner)?.record ??
      [...this.books.suspects].find(
        ([sha]) => sha === owner || encodeBase64url(decodeHex(sha) ?? new Uint8Array()) === owner,
      )?.[1].record;
    if (!record) throw new Problem(404, 'record_unknown', true);
    const name = owner.length === 64 ? encodeBase64url(decodeHex(owner) ?? new Uint8Array()) : owner;
    return { owner: name, sizes: new Map(blobFields(record).map((b) => [b.sha256, b.size])) };
  }

  async #store(owner: string, sha: string, bytes: Uint8Array): Promise<string> {
    const index = this.books.leaves.length;
    const token = await signToken(
      'blob-receipt+jwt',
      new Map<string, unknown>([
        ['v', 1],
        ['origin', this.books.origin],
        ['record', owner],
        ['sha256', sha],
        ['size', bytes.length],
        ['stored_at', this.#now()],
        ['index', index],
      ]),
      this.#keys.receipt,
    );
    this.books.blobs.set(`${owner}/${sha}`, { bytes, token, index });
    return token;
  }

  async #put(r: Request, named: string, sha: string): Promise<Reply> {
    const { owner, sizes } = this.#owned(named);
    if (!sizes.has(sha)) throw new Problem(422, 'blob_not_named');
    const held = this.books.blobs.get(`${owner}/${sha}`);
    if (held) return { status: 200, headers: { 'Blob-Receipt': held.token }, body: '' };
    if (encodeHex(await sha256(r.body)) !== sha) throw new Problem(422, 'digest_mismatch');
    return { status: 201, headers: { 'Blob-Receipt': await this.#store(owner, sha, r.body) }, body: '' };
  }

  #receipt(named: string, sha: string): Reply {
    const held = this.books.blobs.get(`${this.#owned(named).owner}/${sha}`);
    if (!held) throw new Problem(404, 'not_found');
    return { status: 200, headers: { 'Blob-Receipt': held.token }, body: '' };
  }

  #create(r: Request): Reply {
    const meta = new Map(
      (r.headers.get('Upload-Metadata') ?? '').split(',').map((pair) => pair.split(' ') as [string, string]),
    );
    const read = (name: string) => fromUTF8(decodeBase64(meta.get(name) ?? '') ?? new Uint8Array()) ?? '';
    const { owner, sizes } = this.#owned(read('record'));
    const length = Number(r.headers.get('Upload-Length'));
    if (sizes.get(read('sha256')) === undefined) throw new Problem(422, 'blob_not_named');
    const id = `u${this.books.uploads.size + 1}`;
    this.books.uploads.set(id, { owner, sha256: read('sha256'), length, bytes: new Uint8Array() });
    return { status: 201, headers: { Location: `${base}/uploads/${id}`, 'Upload-Offset': '0' }, body: '' };
  }

  #upload(id: string): Upload {
    const u = this.books.uploads.get(id);
    if (!u) throw new Problem(410, 'upload_expired', true);
    return u;
  }

  async #head(id: string): Promise<Reply> {
    const u = this.#upload(id);
    const token = this.books.blobs.get(`${u.owner}/${u.sha256}`)?.token;
    const done = u.bytes.length === u.length && token;
    return {
      status: 200,
      headers: { 'Upload-Offset': String(u.bytes.length), ...(done && { 'Blob-Receipt': token }) },
      body: '',
    };
  }

  async #patch(r: Request, id: string): Promise<Reply> {
    const u = this.#upload(id);
    if (Number(r.headers.get('Upload-Offset')) !== u.bytes.length) {
      const problem = new Problem(409, 'offset_mismatch', true).reply();
      return { ...problem, headers: { ...problem.headers, 'Upload-Offset': String(u.bytes.length) } };
    }
    const whole = new Uint8Array(u.bytes.length + r.body.length);
    whole.set(u.bytes);
    whole.set(r.body, u.bytes.length);
    u.bytes = whole;
    const headers: Record<string, string> = { 'Upload-Offset': String(whole.length) };
    if (whole.length === u.length) {
      if (encodeHex(await sha256(whole)) !== u.sha256) {
        this.books.uploads.delete(id);
        throw new Problem(422, 'digest_mismatch');
      }
      const held = this.books.blobs.get(`${u.owner}/${u.sha256}`);
      headers['Blob-Receipt'] = held ? held.token : await this.#store(u.owner, u.sha256, whole);
    }
    return { status: 204, headers, body: '' };
  }

  /** Takes the first bytes of a chunk whose connection broke. */
  cut(r: Request, bytes: number): void {
    const id = /\/uploads\/(u[0-9]+)$/.exec(r.path)?.[1] ?? '';
    const u = this.books.uploads.get(id);
    if (!u || r.method !== 'PATCH' || Number(r.headers.get('Upload-Offset')) !== u.bytes.length) return;
    const part = r.body.slice(0, Math.min(bytes, r.body.length - 1));
    const whole = new Uint8Array(u.bytes.length + part.length);
    whole.set(u.bytes);
    whole.set(part, u.bytes.length);
    u.bytes = whole;
  }

  async #keySet(): Promise<string> {
    const keys: unknown[] = [];
    for (const [use, signer] of Object.entries(this.#keys)) {
      const { publicKey } = signer;
      keys.push(
        new Map<string, unknown>([
          ['use', use],
          ['kid', await thumbprint(publicKey)],
          ['kty', publicKey.kty],
          ['crv', publicKey.crv],
          ['x', publicKey.x],
        ]),
      );
    }
    const claims = new Map<string, unknown>([
      ['v', 1],
      ['version', this.books.origins.length],
      ['origin', this.books.origin],
      ['origins', this.books.origins],
      ['issued_at', 1],
      ['rescue', this.rescue],
      ['keys', keys],
    ]);
    return signToken('keys+jwt', claims, this.#keys.root);
  }
}

/** A fresh id from the model's own randomness. */
export function modelID(): string {
  return newID(Date.now(), (into) => crypto.getRandomValues(into));
}

class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryable: boolean;

  constructor(status: number, code: string, retryable = false) {
    super(code);
    this.status = status;
    this.code = code;
    this.retryable = retryable;
  }

  reply(): Reply {
    return problem(this.status, this.code, this.retryable, 0);
  }
}

/** A problem of the server. */
export function problem(status: number, code: string, retryable: boolean, retryAfter: number): Reply {
  const body = {
    type: `urn:tachiai:problem:${code}`,
    title: code,
    status,
    code,
    retryable,
    retry_after_ms: retryAfter,
  };
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Device-Nonce': 'n0' },
    body: JSON.stringify(body),
  };
}

function json(body: object): Reply {
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function decode(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64url'));
}

async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const { gunzipSync } = await import('node:zlib');
  return new Uint8Array(gunzipSync(bytes));
}

function copy(b: Books): Books {
  return {
    ...b,
    origins: [...b.origins],
    leaves: [...b.leaves],
    records: new Map(b.records),
    suspects: new Map([...b.suspects].map(([k, v]) => [k, { ...v }])),
    blobs: new Map(b.blobs),
    uploads: new Map([...b.uploads].map(([k, v]) => [k, { ...v }])),
    feed: [...b.feed],
  };
}

/** Bytes of a text, for tests. */
export const bytesOf = (text: string): Uint8Array => utf8(text);
