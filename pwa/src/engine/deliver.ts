import { concat } from '../core/encoding/bytes.ts';
import type { Result } from '../core/wire/index.ts';
import { receipt as askReceipt, NetError, rescue } from '../net/index.ts';
import { type OutboxRow, openVault, own, type SpaceRow } from '../store/index.ts';
import { isOwed, rescueFile } from './rescue.ts';
import type { Session } from './session.ts';
import { checkBlobReceipt, checkQuarantine, checkReceipt, ownerOf } from './trust.ts';

/**
 * Sends what the same member has not sent from an enrolment before, whose PIN is
 * forgotten: unopened, as rescue files of one record or one blob, so that what
 * was cut off goes on where it was. Each receipt is checked and noted like any
 * other; nothing is let go of. goesOn: he who sends is still at work. Throws
 * NetError, StoreError, KeysWanted, EngineError.
 */
export async function deliver(s: Session, space: SpaceRow, goesOn: () => boolean): Promise<void> {
  const file = async (out: OutboxRow, blobs: readonly string[]) => {
    const parts: Uint8Array[] = [];
    const vault = space.vault ? undefined : openVault;
    for await (const part of rescueFile(s.ports, s.store, space, vault, { record: out.hash, blobs })) parts.push(part);
    return own(concat(...parts));
  };
  const rows = (await s.store.journal(space.id)).outbox.filter(isOwed).sort((a, b) => a.seq - b.seq);
  for (let out of rows) {
    if (!goesOn()) return;
    if (out.state === 'unsent') {
      const { results } = await rescue(s.caller, await file(out, []));
      out = await judged(s, out, results[0]);
      await s.store.note([out]);
    }
    for (const b of out.blobs) {
      if (b.receipt !== '' || out.state === 'unsent' || !goesOn()) continue;
      await rescue(s.caller, await file(out, [b.sha256]));
      const token = (await askReceipt(s.caller, ownerOf(out), b.sha256)) ?? '';
      const r = await checkBlobReceipt(s, token, out, b);
      if (!r) throw new NetError('portal', 'no receipt of ours');
      out = {
        ...out,
        blobs: out.blobs.map((one) => (one.id === b.id ? { ...one, receipt: token, index: r.index } : one)),
      };
      await s.store.note([out]);
    }
  }
}

/** What the server says of the one record of a file; a receipt that is none leaves it unsent. */
async function judged(s: Session, out: OutboxRow, result: Result | undefined): Promise<OutboxRow> {
  const { receipt = '', hash = '', flags = [] } = result ?? {};
  if (result?.status === 'quarantined') {
    const r = await checkQuarantine(s, receipt, hash);
    return r ? { ...out, state: 'quarantined', receipt, receivedAt: r.receivedAt, suspect: hash } : out;
  }
  const r = await checkReceipt(s, receipt, out);
  return r ? { ...out, state: 'received', receipt, index: r.index, receivedAt: r.receivedAt, flags } : out;
}
