import { encodeBase64, encodeBase64url } from '../../core/encoding/base64.ts';
import { concat } from '../../core/encoding/bytes.ts';
import { decodeHex } from '../../core/encoding/hex.ts';
import { utf8 } from '../../core/encoding/text.ts';
import { type Hash, leaf, newKey, node } from '../../core/ledger/index.ts';
import { hashBytes, type KeyID } from '../../core/record/index.ts';
import { type PublicKey, type Signer, signerOf, thumbprint } from '../../core/seal/index.ts';
import { signToken } from '../../core/seal/token.ts';

/** A key of the server, in the hands of a test. */
export interface ServerKey {
  use: string;
  keyID: KeyID;
  publicKey: PublicKey;
  signer: Signer;
}

/** newServerKey makes a key of a use. */
export async function newServerKey(use: string): Promise<ServerKey> {
  const pair = (await globalThis.crypto.subtle.generateKey({ name: 'Ed25519' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const raw = new Uint8Array(await globalThis.crypto.subtle.exportKey('raw', pair.publicKey));
  const publicKey: PublicKey = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(raw) };
  return { use, publicKey, keyID: await thumbprint(publicKey), signer: signerOf(publicKey, pair.privateKey) };
}

/** token signs claims as the server does. */
export function token(typ: string, key: ServerKey, claims: object): Promise<string> {
  return signToken(typ, asMap(claims), key.signer);
}

function asMap(o: object): Map<string, unknown> {
  return new Map(Object.entries(o).map(([name, v]) => [name, plain(v)]));
}

function plain(v: unknown): unknown {
  if (Array.isArray(v)) return v.map(plain);
  return typeof v === 'object' && v !== null && !(v instanceof Map) ? asMap(v) : v;
}

/** A ledger of a few leaves, for proofs. */
export class Ledger {
  readonly #cores: string[] = [];
  readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
  }

  get size(): number {
    return this.#cores.length;
  }

  append(token: string): void {
    this.#cores.push(token.slice(0, token.lastIndexOf('.')));
  }

  async #root(lo: number, hi: number): Promise<Hash> {
    if (hi - lo === 1) return leaf(this.#cores[lo] ?? '');
    const middle = lo + split(hi - lo);
    return node(await this.#root(lo, middle), await this.#root(middle, hi));
  }

  async #path(n: number, lo: number, hi: number): Promise<Hash[]> {
    if (hi - lo === 1) return [];
    const middle = lo + split(hi - lo);
    return n < middle
      ? [...(await this.#path(n, lo, middle)), await this.#root(middle, hi)]
      : [...(await this.#path(n, middle, hi)), await this.#root(lo, middle)];
  }

  async inclusion(index: number): Promise<{ index: number; size: number; hashes: string[] }> {
    return { index, size: this.size, hashes: await this.#path(index, 0, this.size) };
  }

  /** checkpoint writes the note (C2SP) that says what the ledger is now. */
  async checkpoint(key: ServerKey): Promise<string> {
    const text = `${this.origin}\n${this.size}\n${await this.#root(0, this.size)}\n`;
    const { id } = await newKey(this.origin, hashBytes(key.publicKey.x));
    const signature = concat(decodeHex(id) ?? new Uint8Array(), await key.signer.sign(text));
    return `${text}\n— ${this.origin} ${encodeBase64(signature)}\n`;
  }
}

function split(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

/** flipped changes one character of a base64url text at a place, so that other bytes come of it. */
export function flipped(text: string, at: number): string {
  const there = text.at(at) ?? '';
  const other = there === 'A' ? 'B' : 'A';
  const n = at < 0 ? text.length + at : at;
  return text.slice(0, n) + other + text.slice(n + 1);
}

export const bytesOf = utf8;
