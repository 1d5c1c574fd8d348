import { describe, expect, test } from 'vitest';
import { decodeBase64url } from '../encoding/base64.ts';
import { verifyWithNoble } from '../encoding/ed25519.ts';
import { fromUTF8, utf8 } from '../encoding/text.ts';
import { marshal, parse as parseJSON } from '../ijson/index.ts';
import { checkJournal, JournalError, parseStructure } from '../record/index.ts';
import { vectors } from '../vectors.ts';
import {
  code,
  deviceSigner,
  fieldDigest,
  newDeviceKey,
  oneKey,
  open,
  openBlobReceipt,
  openDeviceCert,
  openKeySet,
  openPinnedKeySet,
  openProof,
  openQuarantineReceipt,
  openReceipt,
  ProofError,
  type PublicKey,
  parseJWK,
  rootOf,
  seal,
  signerOf,
  signProof,
  thumbprint,
} from './index.ts';
import { split } from './jws.ts';
import { verifyCore } from './signature.ts';

interface NamedKey {
  name: string;
  kid: string;
  jwk: { kty: string; crv: string; x: string; y?: string; d: string };
}

interface RecordCase {
  name: string;
  key: string;
  compact: string;
  grow?: number;
  code: string;
  kid: string;
  hash: string;
  payload: string;
  flags?: string[];
  stray?: string[];
  fields?: { name: string; salt: string; value: string; raw: string; digest: string }[];
}

interface TokenCase {
  name: string;
  type: string;
  key: string;
  token: string;
  payload: string;
  code: string;
}

const v = vectors<{
  keys: NamedKey[];
  records: RecordCase[];
  badRecords: RecordCase[];
  tokens: TokenCase[];
  badTokens: TokenCase[];
  jwks: { name: string; jwk: string; kid?: string }[];
}>('seal', 'keys', 'records', 'badRecords', 'tokens', 'badTokens', 'jwks');

const j = vectors<{
  records: { hash: string; compact: string }[];
  journals: { name: string; records: number[]; error?: string; seq: number; hash: string }[];
}>('journal', 'records', 'journals');

const request = ['POST', 'https://tachiai.example/api/field/v1/records'] as const;

function publicKey(name: string): PublicKey {
  const { d: _, ...jwk } = (v.keys.find((k) => k.name === name) as NamedKey).jwk;
  return parseJWK(JSON.stringify(jwk));
}

async function signer(name: string) {
  const { jwk } = v.keys.find((k) => k.name === name) as NamedKey;
  const algorithm = jwk.kty === 'EC' ? { name: 'ECDSA', namedCurve: 'P-256' } : { name: 'Ed25519' };
  return signerOf(publicKey(name), await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']));
}

const text = (c: RecordCase) => c.compact + (c.grow ? `${'A'.repeat(c.grow - 1)}~` : '');

async function openTokenOf(type: string, token: string, key: PublicKey): Promise<unknown> {
  switch (type) {
    case 'receipt+jwt':
      return openReceipt(token, key);
    case 'blob-receipt+jwt':
      return openBlobReceipt(token, key);
    case 'quarantine-receipt+jwt':
      return openQuarantineReceipt(token, key);
    case 'device-cert+jwt':
      return openDeviceCert(token, key);
    case 'keys+jwt':
      return openKeySet(token, key);
    case 'device-proof+jwt':
      return openProof(token, oneKey(key), ...request);
    default:
      throw new Error(`no reader for ${type}`);
  }
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (e) {
    return code(e) ?? e;
  }
  return 'accepted';
}

describe('seal vectors', () => {
  test.each(v.keys)('key $name', async (k) => {
    expect(await thumbprint(publicKey(k.name))).toBe(k.kid);
  });

  test.each(v.records)('opens: $name', async (c) => {
    const r = await open(text(c), oneKey(publicKey(c.key)));
    expect([r.keyID, r.hash, fromUTF8(split(`${r.core}.${'A'.repeat(86)}`).payload)]).toEqual([
      c.kid,
      c.hash,
      c.payload,
    ]);
    expect(r.flags).toEqual(c.flags ?? []);
    if (!c.grow) expect(r.stray).toEqual(c.stray ?? []);
    const fields = await Promise.all(
      r.fields.map(async (f) => ({ ...f, value: marshal(f.value), digest: await fieldDigest(f.raw) })),
    );
    expect(fields).toEqual((c.fields ?? []).map((f) => ({ ...f, value: marshal(parseJSON(utf8(f.value))) })));
  });

  test.each(v.records)('is sealed again: $name', async (c) => {
    const { structure } = parseStructure(utf8(c.payload), c.key === 'office');
    const fields = c.fields ?? [];
    if (fields.length < structure.sd.length) return; // withheld ones cannot be sealed anew
    const salts = fields.map((f) => decodeBase64url(f.salt) as Uint8Array);
    const content = fields.map((f) => ({ name: f.name, value: parseJSON(utf8(f.value)) }));
    const random = (into: Uint8Array<ArrayBuffer>) => {
      into.set(salts.shift() as Uint8Array);
      return into;
    };
    const again = await seal(structure, content, await signer(c.key), random);
    expect(again.text.slice(again.text.indexOf('~'))).toBe(`~${fields.map((f) => `${f.raw}~`).join('')}`);
    if (c.name !== 'header with its members in another order') {
      expect(again.record.core).toBe(c.compact.slice(0, again.record.core.length));
    }
    await open(again.text, oneKey(publicKey(c.key)));
  });

  test.each(v.badRecords)('refused: $name', async (c) => {
    expect(await refusal(open(text(c), oneKey(publicKey(c.key))))).toBe(c.code);
  });

  test.each(v.tokens)('opens: $name', async (c) => {
    const o = (await openTokenOf(c.type, c.token, publicKey(c.key))) as Record<string, unknown>;
    const { v: _, ...want } = JSON.parse(c.payload);
    const flat = JSON.stringify(o);
    for (const value of Object.values(want)) {
      if (typeof value === 'string') expect(flat).toContain(JSON.stringify(value));
      if (typeof value === 'number') expect(Object.values(o)).toContain(value);
    }
  });

  test.each(v.badTokens)('refused: $name', async (c) => {
    expect(await refusal(openTokenOf(c.type, c.token, publicKey(c.key)))).toBe(c.code);
  });

  test.each(v.jwks)('jwk: $name', async (c) => {
    const read = async () => thumbprint(parseJWK(c.jwk));
    if (c.kid) expect(await read()).toBe(c.kid);
    else await expect(read()).rejects.toThrow('not a public JWK');
  });

  test.each(j.journals)('journal: $name', async (c) => {
    const keys = new Map(v.keys.map((k) => [k.kid, publicKey(k.name)]));
    const records = await Promise.all(
      c.records.map((i) => open((j.records[i] as { compact: string }).compact, (kid) => keys.get(kid))),
    );
    let head: { seq: number; hash: string };
    let error: string | undefined;
    try {
      head = checkJournal(records);
    } catch (e) {
      if (!(e instanceof JournalError)) throw e;
      head = e.head;
      error = e.code;
    }
    expect([head.seq, head.hash, error]).toEqual([c.seq, c.hash, c.error]);
  });
});

describe('seal', () => {
  test('both ways to verify Ed25519 agree', async () => {
    const tokens = [...v.tokens, ...v.badTokens].filter((c) => c.type === 'receipt+jwt');
    let verified = 0;
    for (const c of tokens) {
      let token: ReturnType<typeof split>;
      try {
        token = split(c.token);
      } catch {
        continue;
      }
      const key = publicKey('receipt');
      const web = await verifyCore(token.core, token.signature, key);
      expect(await verifyWithNoble(decodeBase64url(key.x) as Uint8Array, token.signature, utf8(token.core))).toBe(web);
      if (web) verified++;
    }
    expect(verified).toBeGreaterThan(0);
  });

  test('a key set opens for whoever holds the fingerprint of its root', async () => {
    const { token } = v.tokens.find((c) => c.type === 'keys+jwt') as TokenCase;
    const root = await thumbprint(publicKey('root'));
    expect(rootOf(token)).toBe(root);
    const other = await thumbprint(publicKey('office'));
    expect(await refusal(openPinnedKeySet(token, other))).toBe('unknown_key');
    const set = await openKeySet(token, publicKey('root'));
    const pinned = refusal(openPinnedKeySet(token, root));
    expect(await pinned).toBe(set.keys.some((k) => k.use === 'root' && k.keyID === root) ? 'accepted' : 'unknown_key');
  });

  test('a new device key seals and proves', async () => {
    const key = deviceSigner(await newDeviceKey());
    const proof = await signProof(key, ...request, 'nonce');
    expect(await openProof(proof, oneKey(key.publicKey), ...request)).toMatchObject({ nonce: 'nonce' });
    await expect(openProof(proof, oneKey(key.publicKey), 'GET', request[1])).rejects.toThrow(ProofError);
    const { structure } = parseStructure(utf8((v.records[0] as RecordCase).payload), false);
    const { text } = await seal(structure, [{ name: 'note', value: '髙橋' }], key, (b) => crypto.getRandomValues(b));
    expect((await open(text, oneKey(key.publicKey))).fields[0]?.value.text()).toBe('髙橋');
    const twice = [1, 2].map((value) => ({ name: 'note', value }));
    expect(await refusal(seal(structure, twice, key, (b) => crypto.getRandomValues(b)))).toBe('field');
    const long = [{ name: 'note', value: 'x'.repeat(60000) }];
    expect(await refusal(seal(structure, long, key, (b) => crypto.getRandomValues(b)))).toBe('size');
  });
});
