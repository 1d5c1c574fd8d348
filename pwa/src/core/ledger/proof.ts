import { Faults, obj, parse } from '../ijson/index.ts';
import type { Checkpoint } from './checkpoint.ts';
import { emptyRoot, type Hash, LedgerError, leaf, maxSize, node, parseHash } from './ledger.ts';

/** Bounds a proof: a path in a tree of maxSize leaves has at most 53 hashes, a consistency proof one more. */
const maxPath = 54;

/** Bounds the text of a proof in bytes. */
const maxProof = 4 << 10;

/**
 * Proves that a leaf stands at index in the tree of size leaves (RFC 6962
 * §2.1.1): hashes from the leaf's sibling up.
 */
export interface Inclusion {
  index: number;
  size: number;
  hashes: readonly Hash[];
}

/** Proves that the tree of to leaves begins with the tree of from leaves (RFC 6962 §2.1.2; empty for from 0). */
export interface Consistency {
  from: number;
  to: number;
  hashes: readonly Hash[];
}

const shown = (what: string) => new LedgerError('proof', what);

/**
 * Throws unless the proof leads from that leaf hash to that root: proof, or
 * range. size must be the size that belongs to the root: the hashes alone do not
 * settle it, so prefer checkIncluded.
 */
export async function checkInclusion(p: Inclusion, leafHash: Hash, root: Hash): Promise<void> {
  const what = `leaf ${p.index} of ${p.size}`;
  if (p.size < 1 || p.size > maxSize || p.index < 0 || p.index >= p.size) throw new LedgerError('range', what);
  if ((await rootFrom(p.hashes, 0, p.size, p.index, leafHash)) !== root) throw shown(what);
}

/** Throws unless the proof shows core as a leaf under that checkpoint. A proof for another size is no proof. */
export async function checkIncluded(p: Inclusion, c: Checkpoint, core: string | Uint8Array): Promise<void> {
  if (p.size !== c.size) throw shown(`proof for size ${p.size}, checkpoint of ${c.size}`);
  await checkInclusion(p, await leaf(core), c.root);
}

/**
 * Throws unless the proof leads from the old root to the new one: proof, or
 * range. from and to must be the sizes that belong to the roots; checkExtends
 * sees to that.
 */
export async function checkConsistency(p: Consistency, oldRoot: Hash, newRoot: Hash): Promise<void> {
  const what = `from ${p.from} to ${p.to}`;
  if (p.to < 0 || p.to > maxSize || p.from < 0 || p.from > p.to) throw new LedgerError('range', what);
  if (p.from === 0) {
    if (p.hashes.length > 0 || oldRoot !== emptyRoot || (p.to === 0 && newRoot !== oldRoot)) throw shown(what);
    return;
  }
  const roots = await rootsFrom(p.hashes, 0, p.to, p.from, oldRoot);
  if (!roots || roots.old !== oldRoot || roots.new !== newRoot) throw shown(what);
}

/**
 * Throws unless the proof shows that the later checkpoint only added to the
 * earlier one, in the same ledger. If both checkpoints are signed and the server
 * has no proof, it has rewritten or forked its ledger.
 */
export async function checkExtends(p: Consistency, earlier: Checkpoint, later: Checkpoint): Promise<void> {
  if (earlier.origin !== later.origin) throw shown('two origins');
  if (p.from !== earlier.size || p.to !== later.size) {
    throw shown(`proof from ${p.from} to ${p.to}, checkpoints of ${earlier.size} and ${later.size}`);
  }
  await checkConsistency(p, earlier.root, later.root);
}

/** The largest power of two below n, which is at least 2. */
function halfOf(n: number): number {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

/** The root of the leaves lo to hi that the path leads to; undefined when it has a hash too few or too many. */
async function rootFrom(
  path: readonly Hash[],
  lo: number,
  hi: number,
  n: number,
  leaf: Hash,
): Promise<Hash | undefined> {
  const sibling = path.at(-1);
  if (hi - lo === 1) return sibling === undefined ? leaf : undefined;
  if (sibling === undefined) return undefined;
  const middle = lo + halfOf(hi - lo);
  const rest = path.slice(0, -1);
  const left = n < middle;
  const own = await (left ? rootFrom(rest, lo, middle, n, leaf) : rootFrom(rest, middle, hi, n, leaf));
  if (own === undefined) return undefined;
  return left ? node(own, sibling) : node(sibling, own);
}

/** Both roots of the leaves lo to hi, of which the old tree has those below n. */
async function rootsFrom(
  path: readonly Hash[],
  lo: number,
  hi: number,
  n: number,
  old: Hash,
): Promise<{ old: Hash; new: Hash } | undefined> {
  const sibling = path.at(-1);
  if (n === hi) {
    if (lo === 0) return path.length === 0 ? { old, new: old } : undefined;
    return sibling !== undefined && path.length === 1 ? { old: sibling, new: sibling } : undefined;
  }
  if (sibling === undefined) return undefined;
  const middle = lo + halfOf(hi - lo);
  const rest = path.slice(0, -1);
  if (n <= middle) {
    const own = await rootsFrom(rest, lo, middle, n, old);
    return own && { old: own.old, new: await node(own.new, sibling) };
  }
  const own = await rootsFrom(rest, middle, hi, n, old);
  return own && { old: await node(sibling, own.old), new: await node(sibling, own.new) };
}

/** Reads {"index":…,"size":…,"hashes":[…]}. Throws form or range. */
export function parseInclusion(data: Uint8Array): Inclusion {
  const [index, size, hashes] = parseProof(data, 'index', 'size');
  if (index < 0 || index >= size) throw new LedgerError('range', `leaf ${index} of ${size}`);
  return { index, size, hashes };
}

/** Reads {"from":…,"to":…,"hashes":[…]}. Throws form or range. */
export function parseConsistency(data: Uint8Array): Consistency {
  const [from, to, hashes] = parseProof(data, 'from', 'to');
  if (from < 0 || from > to) throw new LedgerError('range', `from ${from} to ${to}`);
  return { from, to, hashes };
}

function parseProof(data: Uint8Array, first: string, second: string): [number, number, Hash[]] {
  try {
    const f = new Faults();
    const o = obj(parse(data, { bytes: maxProof, depth: 2, members: 3 + maxPath }), f);
    const a = o.int(first);
    const b = o.int(second);
    const list = o.arr('hashes');
    const hashes = list.strings();
    hashes.forEach((h, i) => {
      if (parseHash(h) === undefined) list.fault(i, 'hash');
    });
    o.only(first, second, 'hashes');
    f.check();
    return [a, b, hashes];
  } catch (cause) {
    throw new LedgerError('form', 'proof', { cause });
  }
}
