import { concat, type Random, take } from '../core/encoding/bytes.ts';
import { utf8 } from '../core/encoding/text.ts';
import { StoreError } from './fault.ts';
import type { Cell, VaultRow } from './schema.ts';

/**
 * Turns values into cells and back. place names where a cell lies (store and
 * key); a cell that was moved elsewhere does not open.
 */
export interface Vault {
  /** 0 for the open one. */
  readonly generation: number;
  seal(place: string, bytes: Uint8Array): Promise<Cell>;
  /** Throws StoreError with locked or damaged. */
  open(place: string, cell: Cell): Promise<Uint8Array<ArrayBuffer>>;
}

/** Bytes in a buffer of their own, as WebCrypto and IndexedDB want them. */
export function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** Keeps values as they are, until a PIN is set. */
export const openVault: Vault = {
  generation: 0,
  async seal(_place, bytes) {
    return { v: 0, data: own(bytes).buffer };
  },
  async open(_place, cell) {
    if (cell.v !== 0) throw new StoreError('locked');
    return new Uint8Array(cell.data.slice(0));
  },
};

const nonceSize = 12;

/** Encrypts values under a data key. It still opens what was written before the PIN was set. */
export function keyedVault(generation: number, key: CryptoKey, random: Random): Vault {
  return {
    generation,
    async seal(place, bytes) {
      const nonce = own(take(random, nonceSize));
      const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: own(utf8(place)) };
      const text = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, own(bytes)));
      return { v: generation, data: own(concat(nonce, text)).buffer };
    },
    async open(place, cell) {
      if (cell.v === 0) return openVault.open(place, cell);
      if (cell.v !== generation) throw new StoreError('locked', `generation ${cell.v}`);
      const algorithm = {
        name: 'AES-GCM',
        iv: new Uint8Array(cell.data, 0, nonceSize),
        additionalData: own(utf8(place)),
      };
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, new Uint8Array(cell.data, nonceSize)));
      } catch (cause) {
        throw new StoreError('damaged', place, { cause });
      }
    },
  };
}

/** A new device-bound MAC key. ECDSA keys cannot do HMAC; this one stands beside them and leaves as little. */
export function newMacKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']) as Promise<CryptoKey>;
}

/** Rounds of PBKDF2. A PIN is short: what protects it elsewhere is the MAC key, which does not leave the device. */
export const pinRounds = 300_000;

/** A data key, as bytes for its wraps and as a key for a vault. */
export interface DataKey {
  bytes: Uint8Array<ArrayBuffer>;
  key: CryptoKey;
}

/** Makes a data key. Whoever has used the bytes overwrites them. */
export async function newDataKey(random: Random): Promise<DataKey> {
  const bytes = own(take(random, 32));
  return { bytes, key: await importDataKey(bytes) };
}

function importDataKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Wraps a data key for a PIN on this device. */
export async function wrapDataKey(
  data: DataKey,
  pin: string,
  mac: CryptoKey,
  more: { generation: number; rescue: ArrayBuffer; random: Random; iterations?: number },
): Promise<VaultRow> {
  const salt = own(take(more.random, 16));
  const iterations = more.iterations ?? pinRounds;
  const nonce = own(take(more.random, nonceSize));
  const key = await pinKey(pin, mac, salt, iterations, 'encrypt');
  const text = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, data.bytes));
  const wrapped = own(concat(nonce, text)).buffer;
  return { generation: more.generation, salt: salt.buffer, iterations, wrapped, rescue: more.rescue };
}

/** Opens what wrapDataKey made. Throws StoreError with pin. */
export async function unwrapDataKey(row: VaultRow, pin: string, mac: CryptoKey): Promise<DataKey> {
  const key = await pinKey(pin, mac, new Uint8Array(row.salt), row.iterations, 'decrypt');
  let raw: ArrayBuffer;
  try {
    const iv = new Uint8Array(row.wrapped, 0, nonceSize);
    raw = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(row.wrapped, nonceSize));
  } catch (cause) {
    throw new StoreError('pin', '', { cause });
  }
  const bytes = new Uint8Array(raw);
  return { bytes, key: await importDataKey(bytes) };
}

/** HKDF(HMAC_deviceKey(PBKDF2(PIN))), protocol section 8. */
async function pinKey(
  pin: string,
  mac: CryptoKey,
  salt: Uint8Array<ArrayBuffer>,
  iterations: number,
  use: 'encrypt' | 'decrypt',
): Promise<CryptoKey> {
  const typed = await crypto.subtle.importKey('raw', own(utf8(pin)), 'PBKDF2', false, ['deriveBits']);
  const slow = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, typed, 256);
  const bound = await crypto.subtle.sign('HMAC', mac, slow);
  const base = await crypto.subtle.importKey('raw', bound, 'HKDF', false, ['deriveKey']);
  const info = own(utf8('tachiai vault 1'));
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info };
  return crypto.subtle.deriveKey(algorithm, base, { name: 'AES-GCM', length: 256 }, false, [use]);
}
