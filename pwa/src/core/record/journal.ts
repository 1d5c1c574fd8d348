import type { Hash } from './hash.ts';
import type { KeyID } from './keyid.ts';
import { isOffice, type Opened } from './record.ts';

/** What can be wrong between a record and the journal that it claims to stand in. */
export type JournalCode =
  | 'gap' // an earlier record of the journal is missing
  | 'fork' // two records with one key and one seq
  | 'chain' // prev is not the record before
  | 'id_reuse' // two records with one id
  | 'journal'; // not records of one journal

/** A journal that is not whole. head is that of the good part. */
export class JournalError extends Error {
  readonly code: JournalCode;
  readonly head: Head;

  constructor(code: JournalCode, head: Head, detail: string) {
    super(`${code}: ${detail}`);
    this.name = 'JournalError';
    this.code = code;
    this.head = head;
  }
}

/** The end of a gap-free journal: its last record. */
export interface Head {
  seq: number;
  hash: Hash;
}

/** The head of a journal without records: the chain is rooted in the key itself. */
export function genesis(key: KeyID): Head {
  return { seq: 0, hash: key };
}

/**
 * Judges whether next follows head: undefined, or "gap" (there is room for a
 * record in between), "fork" (the place is taken; the same record again is told
 * apart by its hash, by the caller), "chain".
 */
export function checkLink(head: Head, next: { seq: number; prev: Hash }): JournalCode | undefined {
  if (next.seq > head.seq + 1) return 'gap';
  if (next.seq <= head.seq) return 'fork';
  return next.prev === head.hash ? undefined : 'chain';
}

/**
 * Judges the whole of a journal in the order of its seq, from 1, and returns its
 * head. Records that were opened and pass here are a journal that nobody has
 * changed, reordered, thinned or doubled; whether the end was cut off shows only
 * when the head is compared with one that was seen elsewhere. An empty journal
 * has the head seq 0, hash "". Throws a JournalError.
 */
export function checkJournal(records: readonly Opened[]): Head {
  const first = records[0];
  if (!first) return { seq: 0, hash: '' };
  let head = genesis(first.keyID);
  const ids = new Set<string>();
  records.forEach((r, i) => {
    if (isOffice(r) || r.keyID !== first.keyID) throw new JournalError('journal', head, `record ${i}`);
    const broken = checkLink(head, r);
    if (broken) throw new JournalError(broken, head, `record ${i}: seq ${r.seq} after ${head.seq}`);
    if (ids.has(r.id)) throw new JournalError('id_reuse', head, `record ${i}`);
    ids.add(r.id);
    head = { seq: r.seq, hash: r.hash };
  });
  return head;
}
