import { type Hash, type Tree, tree } from '../core/record/index.ts';
import { parse } from '../core/seal/index.ts';
import { StoreError } from '../store/index.ts';
import type { HeldRecord } from './app.ts';
import type { Queue } from './queue.ts';
import type { Entry, Session } from './session.ts';
import { blobState, recordState } from './views.ts';

/** An own record with its fields, as it was sealed. */
export async function held(s: Session, q: Queue, e: Entry): Promise<HeldRecord> {
  const { hash, kid, seq, at } = e.row;
  const { id, kind, case: caseID, visit, amends } = e.facts;
  const fields: { [name: string]: Tree } = {};
  const text = await textOf(s, hash);
  if (text !== '') for (const f of (await parse(text)).fields) fields[f.name] = tree(f.value);
  return {
    hash,
    id,
    kid,
    seq,
    kind,
    case: caseID,
    visit,
    at,
    amends,
    fields,
    text,
    kept: text !== '',
    blobs: e.facts.blobs.map((f) => {
      const b = e.out.blobs.find((b) => b.id === f.id);
      return { ...f, kept: !e.out.released, state: b ? blobState(e, b, q) : 'waiting' };
    }),
    state: recordState(e, q),
    flags: e.out.flags,
    receivedAt: e.out.receivedAt,
  };
}

async function textOf(s: Session, hash: Hash): Promise<string> {
  try {
    return await s.text(hash);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'missing') return '';
    throw error;
  }
}
