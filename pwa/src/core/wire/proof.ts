import { decodeBase64 } from '../encoding/base64.ts';
import { Fault, Faults } from '../ijson/index.ts';
import { maxHashes, readAnswer } from './wire.ts';

/**
 * That the leaf at index is in the tree of the first size leaves (RFC 6962
 * §2.1.1); hashes in base64, from the leaf towards the root.
 */
export interface Inclusion {
  index: number;
  size: number;
  hashes: string[];
}

/** That the first from leaves of the tree of to leaves are what they were (RFC 6962 §2.1.2). */
export interface Consistency {
  from: number;
  to: number;
  hashes: string[];
}

/** Reads the answer of GET /ledger/v1/inclusion. Whether it proves anything is for package ledger. */
export function parseInclusion(body: Uint8Array): Inclusion {
  const [index, size, hashes] = parseProof(body, 'index', 'size', 0);
  if (index >= size) throw new Fault('/index', 'value', 'not below size');
  return { index, size, hashes };
}

/** Reads the answer of GET /ledger/v1/consistency. Whether it proves anything is for package ledger. */
export function parseConsistency(body: Uint8Array): Consistency {
  const [from, to, hashes] = parseProof(body, 'from', 'to', 1);
  if (from > to) throw new Fault('/from', 'value', 'above to');
  return { from, to, hashes };
}

function parseProof(body: Uint8Array, first: string, second: string, least: number): [number, number, string[]] {
  const f = new Faults();
  const o = readAnswer(body, f);
  const x = o.int(first);
  const y = o.int(second);
  if (o.has(first) && x < least) o.fault(first, 'value', 'too small');
  const list = o.arr('hashes');
  if (list.length > maxHashes) o.fault('hashes', 'value', 'too many');
  else {
    list.strings().forEach((text, i) => {
      if (text.length !== 44 || decodeBase64(text)?.length !== 32) list.fault(i, 'value', 'not 32 bytes in base64');
    });
  }
  f.check();
  return [x, y, list.value.elements().map((v) => v.text() ?? '')];
}
