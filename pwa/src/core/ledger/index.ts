export { type Checkpoint, maxCheckpoint, open } from './checkpoint.ts';
export { isOrigin, type Key, newKey, parseKey } from './key.ts';
export {
  bytesOf,
  type Code,
  emptyRoot,
  type Hash,
  LedgerError,
  leaf,
  maxSize,
  node,
  parseHash,
  treeOf,
} from './ledger.ts';
export {
  type Consistency,
  checkConsistency,
  checkExtends,
  checkIncluded,
  checkInclusion,
  type Inclusion,
  parseConsistency,
  parseInclusion,
} from './proof.ts';
