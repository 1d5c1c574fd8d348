import type { Queue } from './queue.ts';
import type { Session } from './session.ts';

/**
 * Lets go of content that is safe (docs/protocol.md §2): a few records at a time.
 * What they were about and their receipts stay. A blob that another record still
 * needs stays too.
 */
export async function release(s: Session, q: Queue): Promise<void> {
  const safe = q.safe().slice(0, 50);
  const going = new Set(safe.map((e) => e.out.hash));
  const needed = new Set<string>();
  for (const e of s.entries.values()) {
    if (!going.has(e.out.hash) && !e.out.released) for (const b of e.out.blobs) needed.add(b.sha256);
  }
  const rows = safe.map((e) => ({ ...e.out, released: true }));
  const blobs = safe.flatMap((e) => e.out.blobs.map((b) => b.sha256)).filter((sha256) => !needed.has(sha256));
  await s.store.release(s.space.id, rows, [...going], blobs);
  s.take(rows);
  s.changed();
}
