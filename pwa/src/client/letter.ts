import { utf8 } from '../core/encoding/text.ts';
import { Faults, type Obj, obj, parse } from '../core/ijson/index.ts';

/** What the server answers to the right passcode (docs/protocol.md section 11): texts to be verified, and captions that are its word alone. */
export interface Letter {
  /** Bearer of what follows; kept in memory alone. */
  token: string;
  tokenExpiresAt: number;
  agency: string;
  origin: string;
  serverTime: number;
  keys: string;
  certificates: string[];
  checkpoint: string;
  /** Absent in the signer's own copy. */
  disclosure: Handed | undefined;
  /** Captions: the agency's word. */
  facts: ReadonlyMap<string, string>;
  records: Sent[];
  photos: Photo[];
  document: { sha256: string; size: number } | undefined;
}

/** The state of the disclosure, as the server's row has it. */
export interface Handed {
  id: string;
  expiresAt: number | undefined;
  acknowledgedAt: number | undefined;
}

/** One record with what places it in the ledger. */
export interface Sent {
  record: string;
  receipt: string;
  inclusion: { index: number; size: number; hashes: string[] } | undefined;
  /** JSON of the paper, where it is not one of the product's own. */
  template: Uint8Array | undefined;
}

/** One derivative that may be fetched. */
export interface Photo {
  record: string;
  id: string;
  sha256: string;
  size: number;
  type: string;
}

/** Far above any letter: records of 64 KiB, a template of 256 KiB. */
const limits = { bytes: 16 << 20, members: 400_000, depth: 24 };

/** Reads a letter. It judges the form alone, and lets members be that a later version adds. Throws what ijson throws. */
export function parseLetter(body: Uint8Array): Letter {
  const f = new Faults();
  const o = obj(parse(body, limits), f);
  const letter: Letter = {
    token: o.string('token'),
    tokenExpiresAt: o.int('token_expires_at'),
    agency: o.string('agency'),
    origin: o.string('origin'),
    serverTime: o.int('server_time'),
    keys: o.string('keys'),
    certificates: o.arr('certificates').strings(),
    checkpoint: o.string('checkpoint'),
    disclosure: handed(o.optObj('disclosure')),
    facts: facts(o.optObj('facts')),
    records: [...o.arr('records').objs()].map(sent),
    photos: [...(o.optArr('photos')?.objs() ?? [])].map(photo),
    document: named(o.optObj('document')),
  };
  f.check();
  return letter;
}

function handed(o: Obj | undefined): Handed | undefined {
  return o && { id: o.string('id'), expiresAt: o.optInt('expires_at'), acknowledgedAt: o.optInt('acknowledged_at') };
}

function facts(o: Obj | undefined): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, v] of o?.value.members() ?? []) {
    const text = v.text() ?? v.int()?.toString();
    if (text !== undefined && text !== '') all.set(name, text);
  }
  return all;
}

function sent(o: Obj): Sent {
  const proof = o.optObj('inclusion');
  const paper = o.optObj('template');
  return {
    record: o.string('record'),
    receipt: o.string('receipt'),
    inclusion: proof && { index: proof.int('index'), size: proof.int('size'), hashes: proof.arr('hashes').strings() },
    template: paper && utf8(paper.value.raw()),
  };
}

function photo(o: Obj): Photo {
  return {
    record: o.string('record'),
    id: o.string('id'),
    sha256: o.string('sha256'),
    size: o.int('size'),
    type: o.string('type'),
  };
}

function named(o: Obj | undefined): Letter['document'] {
  return o && { sha256: o.string('sha256'), size: o.int('size') };
}
