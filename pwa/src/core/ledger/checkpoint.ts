import { decodeBase64 } from '../encoding/base64.ts';
import { verifyEd25519 } from '../encoding/ed25519.ts';
import { encodeHex } from '../encoding/hex.ts';
import { fromUTF8, utf8 } from '../encoding/text.ts';
import { isOrigin, type Key } from './key.ts';
import { type Hash, LedgerError, maxSize, parseHash } from './ledger.ts';

/** The longest signed checkpoint in bytes: room for the 16 signatures that C2SP wants accepted. */
export const maxCheckpoint = 64 << 10;

/** A ledger's statement of its state. Once published, every later state must be consistent with it. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Hash;
}

const form = (detail: string) => new LedgerError('form', `checkpoint: ${detail}`);

/** More signature lines are not read: they would cost time, and C2SP wants 16. */
const maxSignatures = 100;

/**
 * Reads a signed checkpoint and judges it by the known keys: one that has the
 * checkpoint's own origin must have signed it. Signatures of keys that are not
 * known (witnesses) are passed over. The form is strict: three lines and no
 * extension lines, decimal size without leading zeros, canonical base64.
 *
 * unknown means that it cannot be judged, forged that the bytes are not those
 * that the key signed, form that it is no checkpoint.
 */
export async function open(signed: Uint8Array, ...keys: Key[]): Promise<Checkpoint> {
  if (signed.length > maxCheckpoint) throw form(`${signed.length} bytes`);
  const note = fromUTF8(signed);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a note must not hold
  if (note === undefined || /[\0-\x09\x0b-\x1f]/.test(note)) throw form('characters');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n') || split + 2 === note.length) throw form('no signature');
  const text = note.slice(0, split + 1);
  const signers = await verifySignatures(text, note.slice(split + 2, -1).split('\n'), keys);
  if (signers.length === 0) throw new LedgerError('unknown', 'no known key');
  const c = parseText(text);
  if (!signers.some((k) => k.origin === c.origin)) throw new LedgerError('unknown', `not by a key of ${c.origin}`);
  return c;
}

/** The known keys among those that signed. A known key's bad signature is forged, whatever stands beside it. */
async function verifySignatures(text: string, lines: string[], keys: Key[]): Promise<Key[]> {
  if (lines.length > maxSignatures) throw form('signatures');
  const signers: Key[] = [];
  for (const line of lines) {
    const m = /^— ([^ +]+) ([^ ]+)$/u.exec(line);
    const signature = m && decodeBase64(m[2] ?? '');
    if (!signature || signature.length < 5) throw form('signature line');
    const id = encodeHex(signature.subarray(0, 4));
    const key = keys.find((k) => k.origin === m[1] && k.id === id);
    if (!key || signers.includes(key)) continue;
    if (!(await verifyEd25519(key.public, signature.subarray(4), utf8(text))))
      throw new LedgerError('forged', `by ${key.origin}`);
    signers.push(key);
  }
  return signers;
}

function parseText(text: string): Checkpoint {
  const lines = text.split('\n');
  const [origin = '', digits = '', hash = ''] = lines;
  if (lines.length !== 4 || lines[3] !== '') throw form('want three lines');
  if (!isOrigin(origin)) throw form('origin');
  const size = /^(0|[1-9][0-9]{0,15})$/.test(digits) ? Number(digits) : Number.NaN;
  if (!(size <= maxSize)) throw form('size');
  const root = parseHash(hash);
  if (root === undefined) throw form('root');
  return { origin, size, root };
}
