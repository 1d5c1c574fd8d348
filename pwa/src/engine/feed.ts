import type { Quarantine } from '../core/history/index.ts';
import { type Agency, type Change, formatCursor, maxChanges, parseCursor } from '../core/wire/index.ts';
import { feed, NetError } from '../net/index.ts';
import type { CacheRow, OutboxRow } from '../store/index.ts';
import { places, type Session } from './session.ts';
import { stand } from './trust.ts';

/** A page's size: large enough for round trips, small enough that a line of 64 kbit/s gets through it. */
const page = Math.min(100, maxChanges);

/** What a page has brought, for the screens. */
export interface Page {
  more: boolean;
  /** Changes of the cache that screens read; undefined: the whole cache is another one now. */
  changes: Change[] | undefined;
  /** What the agency is called now, when the server says it. */
  agency?: Agency | undefined;
}

/**
 * Takes one page. A cursor that the server does not know begins a second cache
 * beside the first, which takes its place when it is complete. Unsent work is not
 * touched. Throws NetError, StoreError, KeysWanted.
 */
export async function takePage(s: Session, heard: (serverTime: number, asked: number) => void): Promise<Page> {
  const beside = s.space.rebuild;
  const cursor = parseCursor(beside ? beside.cursor : s.space.cursor);
  const asked = s.ports.now();
  let answer: Awaited<ReturnType<typeof feed>>;
  try {
    answer = await feed(s.caller, { cursor, limit: page });
  } catch (error) {
    if (!(error instanceof NetError) || error.problemCode !== 'cursor_gone') throw error;
    const generation = Math.max(s.space.generation, beside?.generation ?? 0) + 1;
    s.space = await s.store.cache(s.space.id, [], [], { rebuild: { generation, cursor: '' } });
    return { more: true, changes: [] };
  }
  heard(answer.serverTime, asked);
  await stand(s, answer);
  await decide(s, answer.changes);
  const next = formatCursor(answer.cursor);
  const generation = beside?.generation ?? s.space.generation;
  const puts: CacheRow[] = [];
  const removes: Omit<CacheRow, 'body'>[] = [];
  for (const c of newest(answer.changes)) {
    const row = { space: s.space.id, generation, type: c.type, id: c.id };
    if (c.body === null) removes.push(row);
    else puts.push({ ...row, body: await s.sealText(places.cache(c.type, c.id), c.body) });
  }
  const done = beside !== null && !answer.more;
  const change = done
    ? { generation, cursor: next, rebuild: null }
    : beside
      ? { rebuild: { generation, cursor: next } }
      : { cursor: next };
  s.space = await s.store.cache(s.space.id, puts, removes, change);
  const { more, agency } = answer;
  if (done) return { more: false, changes: undefined, agency };
  return { more, changes: beside ? [] : answer.changes, agency };
}

/** Of each state the last change. */
function newest(changes: readonly Change[]): Change[] {
  return [...new Map(changes.map((c) => [`${c.type} ${c.id}`, c])).values()];
}

/** The office's word on quarantined records: a released one is pushed once more for its receipt. */
async function decide(s: Session, changes: readonly Change[]): Promise<void> {
  const rows: OutboxRow[] = [];
  for (const c of changes) {
    if (c.type !== 'quarantine' || c.body === null) continue;
    const { decision } = JSON.parse(c.body) as Quarantine;
    for (const { out } of s.entries.values()) {
      if (out.suspect !== c.id || (out.state !== 'quarantined' && out.state !== 'rejected')) continue;
      if (decision === 'released') rows.push({ ...out, state: 'unsent', receipt: '', problem: '' });
      if (decision === 'rejected') rows.push({ ...out, state: 'rejected', problem: 'quarantine_rejected' });
    }
  }
  if (rows.length > 0) await s.note(rows);
}
