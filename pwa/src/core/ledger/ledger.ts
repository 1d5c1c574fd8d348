/**
 * Package ledger judges the one log in which a server gives every record its
 * place: a Merkle tree (RFC 6962 §2.1) whose leaves are the cores of receipts,
 * its checkpoints (C2SP tlog-checkpoint), and the proofs that hold the server to
 * what it once published. It is the twin of sync/ledger, but for what only the
 * keeper of a log does: it makes no proofs and signs no checkpoints.
 *
 * Sizes and indexes are integers up to 2^53−1; arithmetic on them is never
 * bitwise.
 */
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { concat, sha256 } from '../encoding/bytes.ts';
import { utf8 } from '../encoding/text.ts';
import { maxInt } from '../ijson/index.ts';

/** The largest number of leaves. */
export const maxSize = maxInt;

/** What can be wrong. */
export type Code =
  | 'range' // index or size not within the tree, or beyond maxSize
  | 'form' // not the exact form of a checkpoint, proof or key
  | 'proof' // well formed, and it shows something else
  | 'origin' // see isOrigin
  | 'unknown' // signed by no known key: cannot be judged
  | 'forged'; // bytes differ from those that a known key signed

/** A fault of this package. */
export class LedgerError extends Error {
  readonly code: Code;

  constructor(code: Code, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'LedgerError';
    this.code = code;
  }
}

/**
 * The hash of a leaf, of a subtree or of a whole tree, in its text form:
 * standard base64 with padding, 44 characters, as C2SP writes it.
 */
export type Hash = string & { readonly brand?: 'LedgerHash' };

/** Reads the text form, only in its canonical encoding; undefined for anything else. */
export function parseHash(text: string): Hash | undefined {
  return text.length === 44 && decodeBase64(text)?.length === 32 ? text : undefined;
}

/** The hash of a leaf: SHA-256(0x00 ‖ core). For the ledger, core is a receipt's protected.payload. */
export async function leaf(core: string | Uint8Array): Promise<Hash> {
  const bytes = typeof core === 'string' ? utf8(core) : core;
  return encodeBase64(await sha256(concat(Uint8Array.of(0), bytes)));
}

/** The hash of an inner node: SHA-256(0x01 ‖ left ‖ right). */
export async function node(left: Hash, right: Hash): Promise<Hash> {
  return encodeBase64(await sha256(concat(Uint8Array.of(1), bytesOf(left), bytesOf(right))));
}

/** The 32 bytes of a hash. */
export function bytesOf(hash: Hash): Uint8Array {
  return decodeBase64(hash) ?? new Uint8Array(32);
}

/** The root of the tree without leaves, SHA-256 of nothing. */
export const emptyRoot: Hash = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

/**
 * Reads the cores of a whole ledger in order, as an auditor holding an export
 * does, and returns its size and root. It keeps O(log n) hashes.
 */
export async function treeOf(cores: Iterable<string | Uint8Array>): Promise<{ size: number; root: Hash }> {
  const edge: { hash: Hash; leaves: number }[] = [];
  let size = 0;
  for (const core of cores) {
    let last = { hash: await leaf(core), leaves: 1 };
    for (let left = edge.at(-1); left?.leaves === last.leaves; left = edge.at(-1)) {
      edge.pop();
      last = { hash: await node(left.hash, last.hash), leaves: 2 * last.leaves };
    }
    edge.push(last);
    size++;
  }
  let root = edge.pop()?.hash ?? emptyRoot;
  for (const left of edge.reverse()) root = await node(left.hash, root);
  return { size, root };
}
