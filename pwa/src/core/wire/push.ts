import { marshal, members } from '../ijson/index.ts';

/** The body of POST /api/field/v1/records. */
export interface Push {
  /** What the phone says about itself. It is a courtesy, never a reason to refuse evidence. */
  device?: Status;
  /** The pushed texts, in order. */
  records: readonly string[];
}

/** The phone's word on what it still holds, for the loss accounting of the office. */
export interface Status {
  /** Records without a receipt. */
  outbox: number;
  /** Blobs without a receipt. */
  pendingBlobs: number;
  /** As far as the browser tells, in bytes. */
  storage: { usage: number; quota: number; persisted: boolean };
  /** Device clock, ms. */
  now: number;
}

/** Writes the body. */
export function marshalPush(p: Push): string {
  const device: [string, unknown][] = p.device ? [['device', statusMembers(p.device)]] : [];
  return marshal(members(...device, ['records', p.records]));
}

function statusMembers(s: Status): Map<string, unknown> {
  const { usage, quota, persisted } = s.storage;
  return members(
    ['outbox', s.outbox],
    ['pending_blobs', s.pendingBlobs],
    ['storage', members(['usage', usage], ['quota', quota], ['persisted', persisted])],
    ['now', s.now],
  );
}
