import { encodeBase64 } from '../core/encoding/base64.ts';
import { concat } from '../core/encoding/bytes.ts';
import { utf8 } from '../core/encoding/text.ts';
import { openPinnedKeySet } from '../core/seal/index.ts';
import {
  type Cell,
  keyedVault,
  newDataKey,
  type OutboxRow,
  own,
  type SpaceRow,
  type Store,
  type Vault,
} from '../store/index.ts';
import { EngineError } from './fault.ts';
import { wrapForRescue } from './lock.ts';
import type { Ports } from './ports.ts';
import { places } from './session.ts';

/**
 * The rescue file (docs/rescue.md): a line that says what it is, a line of JSON
 * with the age wraps of its data keys, then parts. A part is a cell under one of
 * those keys: a kind, its place, its generation and its bytes. The last part
 * counts the others, so that a file that was cut off shows.
 */
const magic = 'tachiai-rescue 1\n';
const kinds = { end: 0, record: 1, blob: 2 } as const;

/** The generation of cells that are encrypted for the file alone. */
const fileGeneration = 0x7fffffff;

/**
 * Writes all unsent work of a space, piece by piece. With a vault that opens the
 * space, or none set, every cell is encrypted anew for the file; without (locked)
 * the cells are taken as they lie here, with the wrap that was made when the PIN
 * was set.
 */
export async function* rescueFile(
  ports: Ports,
  store: Store,
  space: SpaceRow,
  vault: Vault | undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { rescue: recipient } = await openPinnedKeySet(space.keys, space.root);
  const wraps: { generation: number; age: string }[] = [];
  if (space.vault && space.vault.rescue.byteLength > 0) {
    wraps.push({ generation: space.vault.generation, age: encodeBase64(new Uint8Array(space.vault.rescue)) });
  }
  let file: Vault | undefined;
  if (vault || wraps.length === 0) {
    if (recipient === '') throw new EngineError('rescue');
    const data = await newDataKey(ports.random);
    wraps.push({ generation: fileGeneration, age: encodeBase64(await wrapForRescue(data.bytes, recipient)) });
    data.bytes.fill(0);
    file = keyedVault(fileGeneration, data.key, ports.random);
  }
  const rows = (await store.journal(space.id)).outbox.filter(isUnsent).sort((a, b) => a.seq - b.seq);
  const head = { v: 1, made_at: Math.round(ports.now()), member: space.member, origin: space.origin, wraps };
  yield own(concat(utf8(magic), utf8(`${JSON.stringify(head)}\n`)));
  const part = async (kind: number, place: string, cell: Cell) =>
    encodePart(kind, place, vault && file ? await file.seal(place, await vault.open(place, cell)) : cell);
  let parts = 0;
  for (const { hash } of rows) {
    const cell = await store.text(space.id, hash);
    if (!cell) continue;
    yield await part(kinds.record, places.text(hash), cell);
    parts++;
  }
  for (const sha256 of new Set(rows.flatMap((r) => r.blobs.filter((b) => b.receipt === '').map((b) => b.sha256)))) {
    const row = await store.blob(space.id, sha256);
    if (!row) continue;
    yield await part(kinds.blob, places.blob(sha256), row.bytes);
    parts++;
  }
  yield encodePart(kinds.end, String(parts), { v: 0, data: new ArrayBuffer() });
}

function isUnsent(out: OutboxRow): boolean {
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
