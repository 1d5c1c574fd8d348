import { Faults, maxInt, type Obj } from '../ijson/index.ts';
import { type Agency, readAgency } from './agency.ts';
import { beginning, type Cursor, formatCursor, parseCursor } from './cursor.ts';
import { maxChanges, readAnswer, readStanding, type Standing, WireError } from './wire.ts';

/** The page size of a feed query that names none. */
export const defaultChanges = 100;

/** The query of GET /api/field/v1/feed. */
export interface FeedQuery {
  cursor: Cursor;
  /** 1 to maxChanges. */
  limit: number;
}

/** Reads the parameters cursor and limit, "" for one that is absent. */
export function parseFeedQuery(cursor: string, limit: string): FeedQuery {
  const n = limit === '' ? defaultChanges : parseCount(limit);
  if (n < 1 || n > maxChanges) throw new WireError('query', `limit is not 1 to ${maxChanges}`);
  return { cursor: parseCursor(cursor), limit: n };
}

/** Writes the query without the question mark. */
export function formatFeedQuery(q: FeedQuery): string {
  return `cursor=${formatCursor(q.cursor)}&limit=${q.limit}`;
}

/** Reads an integer from 0 to 2^53−1 in its shortest form. */
function parseCount(text: string): number {
  const n = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!(n <= maxInt)) throw new WireError('query');
  return n;
}

/** One row. A page never splits an index, so a reader that stores changes and cursor in one transaction misses nothing. */
export interface Change {
  /** Of the ledger entry that made it. */
  index: number;
  /** Its place among the changes of that entry, from 0. */
  n: number;
  op: 'put' | 'remove';
  /** case, member, device, template, policy, quarantine; others are to be passed over. */
  type: string;
  id: string;
  /** The whole state (package history) as JSON text; null for remove. */
  body: string | null;
}

/** One page of the feed. */
export interface FeedAnswer extends Standing {
  changes: Change[];
  /** For the next query. */
  cursor: Cursor;
  /** The next query will bring changes at once. */
  more: boolean;
  agency?: Agency | undefined;
}

/** Reads a page. Throws ijson's Fault or FaultList. */
export function parseFeedAnswer(body: Uint8Array): FeedAnswer {
  const f = new Faults();
  const o = readAnswer(body, f);
  const standing = readStanding(o);
  const more = o.bool('more');
  const agency = readAgency(o);
  const cursor = readCursor(o);
  const changes = [...o.arr('changes').objs()].map(readChange);
  f.check();
  return { ...standing, changes, cursor, more, agency };
}

function readCursor(o: Obj): Cursor {
  try {
    return parseCursor(o.string('cursor'));
  } catch {
    o.fault('cursor', 'value', 'not a cursor');
    return beginning;
  }
}

function readChange(o: Obj): Change {
  const c = { index: o.int('index'), n: o.int('n'), type: o.string('type'), id: o.string('id') };
  const op = o.string('op');
  if (c.index < 0 || c.n < 0) o.fault('index', 'value', 'below 0');
  if (op === 'put') return { ...c, op, body: o.obj('body').value.raw() };
  if (op === 'remove') o.any('body');
  else o.fault('op', 'value', 'unknown op');
  return { ...c, op: 'remove', body: null };
}
