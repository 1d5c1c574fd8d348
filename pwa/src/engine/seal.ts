import { maxSize as maxBlob, refOf } from '../core/blob/index.ts';
import { list } from '../core/ijson/index.ts';
import { blobPrefix, emptyStructure, type Hash, newID, type Opened, StructureError } from '../core/record/index.ts';
import { type Content, SealError, seal } from '../core/seal/index.ts';
import { type BlobRow, own, StoreError } from '../store/index.ts';
import type { Draft, DraftBlob, Sealed } from './app.ts';
import { EngineError, ofStore } from './fault.ts';
import type { Page } from './page.ts';
import { freshOutbox, places, type RecordFacts, type Session } from './session.ts';

/** Tries against another tab that seals at the same time. */
const attempts = 8;

/**
 * Seals a draft as docs/protocol.md §1.4 asks: blobs are kept and read back
 * first; then sign, and one strict transaction that compares the head. When the
 * head has moved it is signed again. Resolves when all of it lies on the disk and
 * the text was read back. Throws EngineError: then nothing was saved but perhaps
 * blobs without a record, which sweep removes.
 */
export async function sealDraft(s: Session, page: Page, draft: Draft): Promise<Sealed> {
  const blobs = await Promise.all((draft.blobs ?? []).map(describe));
  try {
    await stage(s, blobs);
    for (let attempt = 1; ; attempt++) {
      try {
        return await once(s, page, draft, blobs);
      } catch (error) {
        if (!(error instanceof StoreError) || attempt === attempts) throw error;
        if (error.code === 'blob') await stage(s, blobs);
        else if (error.code !== 'head' && error.code !== 'stopped') throw error;
        await s.reload();
      }
    }
  } catch (error) {
    throw told(error);
  }
}

interface Described {
  blob: DraftBlob;
  bytes: Uint8Array<ArrayBuffer>;
  sha256: string;
}

async function describe(blob: DraftBlob): Promise<Described> {
  const bytes = blob.bytes instanceof ArrayBuffer ? new Uint8Array(blob.bytes) : own(blob.bytes);
  if (bytes.length === 0) throw new EngineError('empty_blob', { detail: blob.id });
  if (bytes.length > maxBlob) throw new EngineError('content', { detail: `${blob.id}: ${bytes.length} bytes` });
  return { blob, bytes, sha256: await refOf(bytes) };
}

/** Keeps the bytes and reads them back: what a browser says it has written, it is asked to show. */
async function stage(s: Session, blobs: readonly Described[]): Promise<void> {
  for (const { bytes, sha256 } of blobs) {
    const cell = await s.vault.seal(places.blob(sha256), bytes);
    const row: BlobRow = { space: s.space.id, sha256, size: bytes.length, bytes: cell };
    for (let attempt = 1; ; attempt++) {
      await s.store.stage([row]);
      const back = await s.store.blob(s.space.id, sha256);
      const there = back && (await s.vault.open(places.blob(sha256), back.bytes).catch(() => undefined));
      if (there && (await refOf(there)) === sha256) break;
      if (attempt === 3) throw new EngineError('damaged', { detail: 'what was written is not what is read' });
    }
  }
}

async function once(s: Session, page: Page, draft: Draft, blobs: readonly Described[]): Promise<Sealed> {
  const { ports } = s;
  const key = s.key;
  if (key.stopped) throw new StoreError('stopped');
  const at = Math.round(ports.now());
  const structure = {
    ...emptyStructure(),
    id: newID(at, ports.random),
    seq: key.head.seq + 1,
    prev: key.head.hash,
    kind: draft.kind,
    case: draft.case,
    visit: draft.visit ?? '',
    at,
    tz: ports.zone(),
    boot: page.boot,
    mono: Math.max(0, Math.round(ports.mono())),
    clock: page.clock(),
    actor: s.space.member,
    app: page.app,
    policy: await page.policy(),
    blobs: blobs.map(({ blob }) => ({ id: blob.id, role: blob.role })),
    amends: draft.amends ?? '',
  };
  const { text, record } = await seal(structure, content(s, draft, blobs), s.signer(key), ports.random);
  const facts: RecordFacts = {
    id: record.id,
    kind: record.kind,
    case: record.case,
    visit: record.visit,
    amends: record.amends,
    blobs: blobs.map(({ blob, bytes, sha256 }) => ({
      id: blob.id,
      role: blob.role,
      sha256,
      size: bytes.length,
      type: blob.type,
      of: blob.of ?? '',
    })),
  };
  await keep(s, key.head, record, text, facts, draft.consumes ?? []);
  return {
    hash: record.hash,
    id: record.id,
    kid: record.keyID,
    seq: record.seq,
    kind: draft.kind,
    case: record.case,
    visit: record.visit,
    at,
    blobs: facts.blobs.map(({ id, sha256, size }) => ({ id, sha256, size })),
  };
}

async function keep(
  s: Session,
  on: { seq: number; hash: Hash },
  record: Opened,
  text: string,
  facts: RecordFacts,
  consumes: readonly string[],
): Promise<void> {
  const { hash, keyID: kid, seq, at } = record;
  const space = s.space.id;
  const [about, cell] = await Promise.all([
    s.sealText(places.facts(hash), JSON.stringify(facts)),
    s.sealText(places.text(hash), text),
  ]);
  const row = { space, hash, kid, seq, at, size: text.length, facts: about };
  const out = freshOutbox(row, facts);
  const names = [...new Set(facts.blobs.map((b) => b.sha256))];
  await s.store.append({ record: row, text: { space, hash, text: cell }, outbox: out, on, blobs: names, consumes });
  if ((await s.text(hash)) !== text)
    throw new EngineError('damaged', { detail: 'what was written is not what is read' });
  const key = s.keys.get(kid);
  if (key) s.keys.set(kid, { ...key, head: { seq, hash } });
  s.hold({ row, facts, out });
  s.changed();
}

/** The fields, with those that the engine knows itself: each blob's, and what the visit consists of. */
function content(s: Session, draft: Draft, blobs: readonly Described[]): Content[] {
  const fields: Content[] = draft.fields.map(([name, value]) => ({ name, value }));
  for (const { blob, bytes, sha256 } of blobs) {
    const value = { sha256, size: bytes.length, type: blob.type, of: blob.of ?? null };
    fields.push({ name: blobPrefix + blob.id, value });
  }
  if (draft.kind === 'visit.ended' && !fields.some((f) => f.name === 'records')) {
    fields.push({ name: 'records', value: visitHashes(s, draft.visit ?? '') });
  }
  return fields;
}

/** All own records of a visit so far, in journal order: what its end names. */
export function visitHashes(s: Session, visit: string): Hash[] {
  return [...s.entries.values()].filter((e) => visit !== '' && e.facts.visit === visit).map((e) => e.row.hash);
}

function told(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const large = list(error).some((f) => f.code === 'size');
  if (large || (error instanceof SealError && error.code === 'size'))
    return new EngineError('too_large', { cause: error });
  if (error instanceof SealError || error instanceof StructureError || list(error).length > 0) {
    return new EngineError('content', { cause: error, detail: error instanceof Error ? error.message : '' });
  }
  if (error instanceof StoreError) return ofStore(error);
  return new EngineError('store', { cause: error });
}
