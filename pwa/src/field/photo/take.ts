import { sniff, unknownType } from '../../core/blob/index.ts';
import { sha256 } from '../../core/encoding/bytes.ts';
import { encodeHex } from '../../core/encoding/hex.ts';
import type { DraftBlob, Sealed } from '../../engine/index.ts';
import { phone } from '../phone.ts';
import { previewOf } from './preview.ts';
import type { Preview } from './render.ts';
import { type Slot, slotKey, slotPrefix, sourceOf, type Taken } from './slot.ts';

/** Opens a slot before the camera is: whatever happens to the page then, it is known that a photo was on its way. */
export async function openSlot(s: Pick<Slot, 'case' | 'visit' | 'role' | 'note' | 'asked'>): Promise<Slot> {
  const app = phone();
  const slot: Slot = { ...s, id: app.newID(), openedAt: app.now() };
  await app.drafts.put(slotKey(slot), slot);
  return slot;
}

/** Takes what the camera gave: bytes exactly as they came, hashed, kept; nothing else happens to them before. */
export async function receive(slot: Slot, given: Blob & { lastModified?: number }): Promise<Slot> {
  const bytes = await given.arrayBuffer();
  if (bytes.byteLength === 0) throw new EmptyPhoto();
  const view = new Uint8Array(bytes);
  const source = given.lastModified === undefined ? slot.asked : sourceOf(slot, given.lastModified);
  const type = sniff(view.subarray(0, 512));
  const taken: Taken = {
    bytes,
    sha256: encodeHex(await sha256(view)),
    type: type === unknownType ? mediaType(given.type) : type,
    source,
    ...(source === 'library' && given.lastModified ? { takenAt: given.lastModified } : {}),
  };
  const full: Slot = { ...slot, taken };
  await phone().drafts.put(slotKey(full), full);
  return full;
}

/** The picker gave a file without bytes. */
export class EmptyPhoto extends Error {}

function mediaType(named: string): string {
  return /^[a-z]+\/[a-z0-9.+-]{1,60}$/.test(named) ? named : unknownType;
}

/** The blobs of a photo: the original, and the preview where there is one. */
export async function blobsOf(
  taken: Taken,
  role: string,
  id: string,
): Promise<{ blobs: DraftBlob[]; preview: Preview }> {
  const preview = await previewOf(taken.bytes, taken.type);
  const blobs: DraftBlob[] = [{ id, role, type: taken.type, bytes: taken.bytes }];
  if ('bytes' in preview) {
    blobs.push({ id: `${id}-preview`, role: 'preview', type: 'image/jpeg', bytes: preview.bytes, of: id });
  }
  return { blobs, preview };
}

/** Seals a photo that has been taken; the slot goes in the same write that keeps the record. */
export async function sealSlot(slot: Slot & { taken: Taken }): Promise<{ sealed: Sealed; preview: Preview }> {
  const { blobs, preview } = await blobsOf(slot.taken, slot.role, 'p1');
  const fields: [string, unknown][] = [['source', slot.taken.source]];
  if (slot.taken.takenAt !== undefined) fields.push(['taken_at', slot.taken.takenAt]);
  if (slot.note.trim()) fields.push(['note', slot.note.trim()]);
  const sealed = await phone().seal({
    kind: 'photo.captured',
    case: slot.case,
    ...(slot.visit ? { visit: slot.visit } : {}),
    fields,
    blobs,
    consumes: [slotKey(slot)],
  });
  return { sealed, preview };
}

/** The slots of a visit that are not in a record yet, oldest first. */
export async function openSlots(of: Pick<Slot, 'case' | 'visit'>): Promise<Slot[]> {
  const app = phone();
  const keys = await app.drafts.keys(slotPrefix(of));
  const slots = await Promise.all(keys.map((k) => app.drafts.get<Slot>(k)));
  return slots.filter((s) => s !== undefined).sort((a, b) => a.openedAt - b.openedAt);
}

/** The rep does not want this photo after all; only one that is in no record yet can go. */
export async function dropSlot(slot: Slot): Promise<void> {
  await phone().drafts.delete(slotKey(slot));
}
