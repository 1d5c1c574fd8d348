import { encodeBase64, encodeBase64url } from '../../core/encoding/base64.ts';
import { utf8 } from '../../core/encoding/text.ts';
import { lookup } from '../../core/form/index.ts';
import { leaf, newKey, node } from '../../core/ledger/index.ts';
import { emptyStructure, hashBytes, type KeyID, newID, type Opened, type Structure } from '../../core/record/index.ts';
import {
  deviceSigner,
  newDeviceKey,
  type PublicKey,
  type Signer,
  seal,
  signerOf,
  thumbprint,
} from '../../core/seal/index.ts';
import type { Held } from '../api.ts';
import type { Claims } from './ground.ts';
import type { Sources } from './integrity.ts';

/** A small server and a phone for tests: real keys, real signatures, a ledger of two leaves a visit can be judged on. */
export interface Story {
  claims: Claims;
  sources: Sources;
  held: Held[];
  records: Opened[];
}

const origin = 'tachiai.test/1';
const random = (into: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(into);

async function serverKey(): Promise<Signer & { kid: KeyID }> {
  const pair = (await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const publicKey: PublicKey = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(raw) };
  return { ...signerOf(publicKey, pair.privateKey), publicKey, kid: await thumbprint(publicKey) };
}

/** Signs a token of the server the plain way, so that a fault in core's own writer would show. */
async function token(typ: string, payload: object, key: Signer & { kid: KeyID }): Promise<string> {
  const part = (o: object) => encodeBase64url(utf8(JSON.stringify(o)));
  const core = `${part({ alg: 'EdDSA', typ, kid: key.kid })}.${part(payload)}`;
  return `${core}.${encodeBase64url(await key.sign(core))}`;
}

/** One phone seals a visit of two records; the server receipts both and publishes a checkpoint. */
export async function story(): Promise<Story> {
  const [root, receipt, office, ledger] = [await serverKey(), await serverKey(), await serverKey(), await serverKey()];
  const phone = deviceSigner(await newDeviceKey());
  const kid = await thumbprint(phone.publicKey);
  const uses = { root, receipt, office, ledger };
  const keys = await token(
    'keys+jwt',
    {
      v: 1,
      version: 1,
      origin,
      origins: [origin],
      issued_at: 1,
      rescue: '',
      keys: Object.entries(uses).map(([use, k]) => ({ use, kid: k.kid, ...k.publicKey })),
    },
    root,
  );
  const [actor, cause, visit] = [newID(1, random), newID(2, random), newID(3, random)];
  const certificate = await token(
    'device-cert+jwt',
    { v: 1, origin, jwk: phone.publicKey, member: actor, name: '山﨑 誠', issued_at: 1 },
    office,
  );
  const structure = (seq: number, prev: string, kind: string): Structure => ({
    ...emptyStructure(),
    id: newID(seq, random),
    seq,
    prev,
    kind,
    case: cause,
    visit,
    at: 1000 * seq,
    tz: 'Asia/Tokyo',
    boot: encodeBase64url(random(new Uint8Array(16))),
    actor,
    app: 'test',
    policy: 'jp-1',
  });
  const first = await seal(structure(1, kid, 'note.written'), [{ name: 'note', value: '応答なし' }], phone, random);
  const second = await seal(
    structure(2, first.record.hash, 'visit.ended'),
    [
      { name: 'outcome', value: 'absent' },
      { name: 'records', value: [first.record.hash] },
    ],
    phone,
    random,
  );
  const held: Held[] = [];
  for (const [index, { text, record }] of [first, second].entries()) {
    const r = await token(
      'receipt+jwt',
      { v: 1, origin, index, hash: record.hash, kid, seq: record.seq, received_at: 5000, skew_ms: 0 },
      receipt,
    );
    held.push({ record: text, receipt: r, index, received_at: 5000, flags: [], blobs: [] });
  }
  const leaves = await Promise.all(held.map((h) => leaf(h.receipt.slice(0, h.receipt.lastIndexOf('.')))));
  const [left = '', right = ''] = leaves;
  const note = `${origin}\n2\n${await node(left, right)}\n`;
  const name = await newKey(origin, hashBytes(ledger.publicKey.kty === 'OKP' ? ledger.publicKey.x : ''));
  const signature = new Uint8Array([...hex(name.id), ...(await ledger.sign(note))]);
  const checkpoint = utf8(`${note}\n— ${origin} ${encodeBase64(signature)}\n`);
  return {
    claims: {
      keys,
      pinned: root.kid,
      devices: [{ kid, certificate }],
      checkpoint,
      remembered: undefined,
      consistency: () => Promise.reject(new Error('none')),
    },
    sources: {
      inclusion: async (index, size) => utf8(JSON.stringify({ index, size, hashes: [index === 0 ? right : left] })),
      record: () => Promise.reject(new Error('none')),
      template: lookup,
    },
    held,
    records: [first.record, second.record],
  };
}

function hex(text: string): number[] {
  return (text.match(/../g) ?? []).map((b) => Number.parseInt(b, 16));
}
