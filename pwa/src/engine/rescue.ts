import { encodeBase64 } from '../core/encoding/base64.ts';
import { concat } from '../core/encoding/bytes.ts';
import { utf8 } from '../core/encoding/text.ts';
import type { Hash } from '../core/record/index.ts';
import { openPinnedKeySet } from '../core/seal/index.ts';
import {
  type Cell,
  keyedVault,
  newDataKey,
  type OutboxRow,
  openVault,
  own,
  type SpaceRow,
  type Store,
  StoreError,
  type Vault,
} from '../store/index.ts';
import { EngineError } from './fault.ts';
import { wrapForRescue } from './lock.ts';
import type { Ports } from './ports.ts';
import { places } from './session.ts';

/**
 * The rescue file (docs/protocol.md section 12): a line that says what it is, a
 * line of JSON with the age wraps of its data keys, then parts. A part is a cell
 * under one of those keys: a kind, its place, its generation and its bytes. The
 * last part counts the others, so that a file that was cut off shows.
 */
const magic = 'tachiai-rescue 1\n';
const kinds = { end: 0, record: 1, blob: 2 } as const;

/** The generation of cells that are encrypted for the file alone. */
const fileGeneration = 0x7fffffff;

/** A part of the unsent work: one record, and some of its blobs. */
export interface Some {
  record: Hash;
  blobs: readonly string[];
}

/**
 * Writes all unsent work of a space, or some of it, piece by piece. What lies here encrypted and
 * cannot be opened (locked) is taken as it is, with the wrap that was made when
 * the PIN was set; everything else is encrypted anew for the file. Nothing is in
 * the open. Throws EngineError with rescue when the server has named no recipient.
 */
export async function* rescueFile(
  ports: Ports,
  store: Store,
  space: SpaceRow,
  vault: Vault | undefined,
  some?: Some,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { rescue: recipient } = await openPinnedKeySet(space.keys, space.root);
  const wraps: { generation: number; age: string }[] = [];
  if (space.vault && space.vault.rescue.byteLength > 0) {
    wraps.push({ generation: space.vault.generation, age: encodeBase64(new Uint8Array(space.vault.rescue)) });
  }
  if (recipient === '') throw new EngineError('rescue');
  const data = await newDataKey(ports.random);
  wraps.push({ generation: fileGeneration, age: encodeBase64(await wrapForRescue(data.bytes, recipient)) });
  data.bytes.fill(0);
  const file = keyedVault(fileGeneration, data.key, ports.random);
  const all = (await store.journal(space.id)).outbox.filter(some ? (out) => out.hash === some.record : isOwed);
  const rows = all.sort((a, b) => a.seq - b.seq);
  const owed = rows.flatMap((r) => r.blobs.filter((b) => b.receipt === '').map((b) => b.sha256));
  const head = { v: 1, made_at: Math.round(ports.now()), member: space.member, origin: space.origin, wraps };
  yield own(concat(utf8(magic), utf8(`${JSON.stringify(head)}\n`)));
  let parts = 0;
  /** One part, or none: what cannot be read any more keeps nothing else from the file. */
  const part = async function* (kind: number, place: string, cell: Cell | undefined) {
    if (!cell) return;
    const open = vault ?? (cell.v === 0 ? openVault : undefined); // a PIN that was set halfway leaves open cells
    try {
      const sealed = open ? await file.seal(place, await open.open(place, cell)) : cell;
      parts++;
      yield encodePart(kind, place, sealed);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'damaged') throw error;
    }
  };
  for (const { hash } of rows) yield* part(kinds.record, places.text(hash), await store.text(space.id, hash));
  for (const sha256 of new Set(some?.blobs ?? owed)) {
    yield* part(kinds.blob, places.blob(sha256), (await store.blob(space.id, sha256))?.bytes);
  }
  yield encodePart(kinds.end, String(parts), { v: 0, data: new ArrayBuffer() });
}

/** The server has not said that it has all of it. */
export function isOwed(out: OutboxRow): boolean {
  return !out.released && (out.state !== 'received' || out.blobs.some((b) => b.receipt === ''));
}

/** Kind (1 byte), length of the place (2), place, generation (4), length of the bytes (4), bytes; big endian. */
function encodePart(kind: number, place: string, cell: Cell): Uint8Array<ArrayBuffer> {
  const name = utf8(place);
  const head = new DataView(new ArrayBuffer(3));
  head.setUint8(0, kind);
  head.setUint16(1, name.length);
  const sizes = new DataView(new ArrayBuffer(8));
  sizes.setUint32(0, cell.v);
  sizes.setUint32(4, cell.data.byteLength);
  return own(concat(new Uint8Array(head.buffer), name, new Uint8Array(sizes.buffer), new Uint8Array(cell.data)));
}
