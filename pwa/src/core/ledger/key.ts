import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { concat, sha256 } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';
import { utf8 } from '../encoding/text.ts';
import { LedgerError } from './ledger.ts';

/**
 * Reports whether a text can name a ledger: 1 to 255 printable ASCII characters,
 * neither a space nor a plus. That is narrower than C2SP asks, so that an origin
 * looks the same everywhere.
 */
export function isOrigin(text: string): boolean {
  return /^[!-*,-~]{1,255}$/.test(text);
}

/** What a checkpoint is judged by: the public Ed25519 key of one ledger. */
export interface Key {
  origin: string;
  /** 32 bytes. */
  public: Uint8Array;
  /** 4 bytes of hex: what the C2SP note calls the key id. */
  id: string;
}

const algEd25519 = Uint8Array.of(1);

/** The key of a ledger out of 32 bytes. Throws origin or form. */
export async function newKey(origin: string, publicKey: Uint8Array): Promise<Key> {
  if (!isOrigin(origin)) throw new LedgerError('origin', `${origin.length} characters`);
  if (publicKey.length !== 32) throw new LedgerError('form', `public key of ${publicKey.length} bytes`);
  const sum = await sha256(concat(utf8(`${origin}\n`), algEd25519, publicKey));
  return { origin, public: publicKey, id: encodeHex(sum.subarray(0, 4)) };
}

/** Reads a C2SP verifier key, <origin>+<key id>+<base64>, only in its one form. Throws origin or form. */
export async function parseKey(text: string): Promise<Key> {
  const [origin = '', id, ...encoded] = text.split('+');
  if (!isOrigin(origin)) throw new LedgerError('origin', `${origin.length} characters`);
  const raw = decodeBase64(encoded.join('+'));
  if (raw?.length !== 33 || raw[0] !== 1) throw new LedgerError('form', 'verifier key');
  const key = await newKey(origin, raw.subarray(1));
  if (key.id !== id || `${origin}+${id}+${encodeBase64(raw)}` !== text) throw new LedgerError('form', 'verifier key');
  return key;
}
