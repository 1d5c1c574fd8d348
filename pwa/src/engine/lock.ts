import {
  celled,
  keyedVault,
  newDataKey,
  openVault,
  own,
  type SpaceRow,
  type Store,
  StoreError,
  unwrapDataKey,
  type Vault,
  wrapDataKey,
} from '../store/index.ts';
import { EngineError } from './fault.ts';
import type { Ports } from './ports.ts';
import { places } from './session.ts';

/** Wrong PINs that cost nothing; each further one doubles a wait that begins at 30 s. */
const freeTries = 5;
const firstPinWait = 30_000;
const longestPinWait = 60 * 60_000;

/** Device time until which no PIN is tried, no later than the longest wait from now. */
export function waitUntil(space: SpaceRow, now: number): number {
  const until = Math.min(space.waitUntil, now + longestPinWait);
  return until > now ? until : 0;
}

/**
 * A wait that ends later than any can was begun by a clock that has been moved back
 * since: it begins anew, once, so that nobody is locked out until that clock's time.
 */
export async function boundWait(store: Store, space: SpaceRow, now: number): Promise<SpaceRow> {
  if (space.waitUntil <= now + longestPinWait) return space;
  return store.changeSpace(space.id, { waitUntil: now + longestPinWait });
}

/** The vault of a space for its PIN. Wrong ones are counted on the disk. Throws EngineError with pin_wrong or pin_wait. */
export async function tryPIN(ports: Ports, store: Store, space: SpaceRow, pin: string): Promise<Vault> {
  const { vault } = space;
  if (!vault) return openVault;
  const data = await open(ports, store, space, pin);
  data.bytes.fill(0);
  return keyedVault(vault.generation, data.key, ports.random);
}

async function open(ports: Ports, store: Store, row: SpaceRow, pin: string) {
  const { vault } = row;
  if (!vault) throw new StoreError('missing', 'vault');
  const now = ports.now();
  const space = await boundWait(store, row, now);
  const until = waitUntil(space, now);
  if (until > 0) throw new EngineError('pin_wait', { retryAfterMS: until - now });
  let data: Awaited<ReturnType<typeof unwrapDataKey>>;
  try {
    data = await unwrapDataKey(vault, pin, space.mac);
  } catch (cause) {
    if (!(cause instanceof StoreError) || cause.code !== 'pin') throw cause;
    const wrong = space.wrong + 1;
    const wait = wrong < freeTries ? 0 : Math.min(longestPinWait, firstPinWait * 2 ** (wrong - freeTries));
    await store.changeSpace(space.id, { wrong, waitUntil: wait > 0 ? now + wait : 0 });
    throw new EngineError('pin_wrong', { retryAfterMS: wait, cause });
  }
  if (space.wrong > 0) await store.changeSpace(space.id, { wrong: 0, waitUntil: 0 });
  return data;
}

/** Sets the first PIN: a new data key, wrapped for the PIN and for rescue. What lies here is still open: convert. */
export async function firstPIN(
  ports: Ports,
  store: Store,
  space: SpaceRow,
  pin: string,
  recipient: string,
  iterations?: number,
): Promise<Vault> {
  const data = await newDataKey(ports.random);
  const rescue = recipient === '' ? new ArrayBuffer() : (await wrapForRescue(data.bytes, recipient)).buffer;
  const more = { generation: 1, rescue, random: ports.random, ...(iterations && { iterations }) };
  const row = await wrapDataKey(data, pin, space.mac, more);
  data.bytes.fill(0);
  await store.changeSpace(space.id, { vault: row, wrong: 0, waitUntil: 0 });
  return keyedVault(row.generation, data.key, ports.random);
}

/** Wraps the same data key for another PIN: nothing has to be written anew, and a crash leaves the old PIN or the new one. */
export async function otherPIN(ports: Ports, store: Store, space: SpaceRow, pin: string, old: string): Promise<void> {
  const data = await open(ports, store, space, old);
  const { generation, rescue, iterations } = space.vault as NonNullable<SpaceRow['vault']>;
  const row = await wrapDataKey(data, pin, space.mac, { generation, rescue, iterations, random: ports.random });
  data.bytes.fill(0);
  await store.changeSpace(space.id, { vault: row });
}

/** An age file for the server's rescue recipient. The library is loaded when it is needed. */
export async function wrapForRescue(bytes: Uint8Array, recipient: string): Promise<Uint8Array<ArrayBuffer>> {
  const { Encrypter } = await import('age-encryption');
  const age = new Encrypter();
  age.addRecipient(recipient);
  return own(await age.encrypt(bytes));
}

/**
 * Encrypts what was written before the PIN was set, store by store at once, row by row. A crash leaves
 * some of it open, which the vault still reads, and which the next unlock
 * encrypts.
 */
export async function convert(store: Store, space: string, vault: Vault): Promise<void> {
  if (vault.generation === 0) return;
  const each = async (name: (typeof celled)[number][0]) => {
    for (;;) {
      const keys = await store.foreign(space, vault.generation, name, 100);
      for (const key of keys) {
        const cell = await store.cell(name, key);
        if (!cell || cell.v === vault.generation) continue;
        const place = placeOf(name, key);
        await store.replaceCell(name, key, cell.v, await vault.seal(place, await vault.open(place, cell)));
      }
      if (keys.length === 0) break;
    }
  };
  await Promise.all(celled.map(([name]) => each(name)));
}

/** Where a cell lies, from its store and key. */
export function placeOf(name: (typeof celled)[number][0], key: IDBValidKey): string {
  const parts = key as [string, string, string, string];
  if (name === 'cache') return places.cache(parts[2], parts[3]);
  return `${name}/${parts[1]}`;
}
