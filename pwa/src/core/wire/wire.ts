/**
 * Package wire holds the forms in which phone and server speak to each other
 * (docs/protocol.md §4.2, §5–§9): what they look like, how large they may be,
 * and the codes on which a phone acts. It is the twin of sync/wire, in the
 * phone's direction: it writes requests and reads answers.
 *
 * Members that a reader does not know are passed over, because an old phone
 * meets a new server and the reverse; what is signed travels inside as opaque
 * strings and is judged by seal, strictly.
 */
import { type Faults, type Obj, obj, parse } from '../ijson/index.ts';
import { type Hash, parseHash } from '../record/index.ts';

/** Records in one push. */
export const maxRecords = 200;
/** Decoded bytes of one push. */
export const maxBody = 1 << 20;
/** Bytes that a phone reads of any answer. */
export const maxAnswer = 8 << 20;
/** Changes in one page of the feed. */
export const maxChanges = 500;
/** Hashes in one proof; a tree of 2^63 leaves needs 64. */
export const maxHashes = 128;
/** Characters of a device's label. */
export const maxLabel = 64;

/** Faults of forms that are no JSON text. */
export type Code = 'cursor' | 'query' | 'code';

/** A text that is not of its form; it does not repeat the text. */
export class WireError extends Error {
  readonly code: Code;

  constructor(code: Code, detail = '') {
    super(`not a valid ${code}${detail && `: ${detail}`}`);
    this.name = 'WireError';
    this.code = code;
  }
}

/**
 * What every answer says about the server's ledger. A phone may delete its copy
 * of a record only below safeIndex, and holds every receipt for void as soon as
 * origin changes (docs/protocol.md §2).
 */
export interface Standing {
  /** Of the ledger. */
  origin: string;
  /** Last ledger index inside a finished backup, −1 for none. */
  safeIndex: number;
  /** ms. */
  serverTime: number;
}

/** Reads what every answer says. */
export function readStanding(o: Obj): Standing {
  const s = { origin: o.string('origin'), safeIndex: o.int('safe_index'), serverTime: o.int('server_time') };
  if (o.has('safe_index') && s.safeIndex < -1) o.fault('safe_index', 'value', 'below -1');
  return s;
}

/** Opens an answer as a phone does. A captive portal's HTML fails here. */
export function readAnswer(body: Uint8Array, f: Faults): Obj {
  return obj(parse(body, { bytes: maxAnswer, members: 1 << 18 }), f);
}

/** Reads a member that must be the hash of a record. */
export function readHash(o: Obj, name: string): Hash {
  const text = o.string(name);
  const h = parseHash(text);
  if (h === undefined && o.kind(name) === 'string') o.fault(name, 'value', 'not a hash');
  return h ?? '';
}
