export { StoreError, type StoreFault } from './fault.ts';
export { reshape, type Step, steps } from './migrate.ts';
export { pack, unpack } from './pack.ts';
export {
  type BlobRow,
  type BlobState,
  type CacheRow,
  type Cell,
  celled,
  type DraftRow,
  type KeyRow,
  type OutboxRow,
  type RecordRow,
  type SpaceRow,
  type TextRow,
  type VaultRow,
} from './schema.ts';
export { type Append, Store } from './store.ts';
export {
  type DataKey,
  keyedVault,
  newDataKey,
  newMacKey,
  openVault,
  own,
  pinRounds,
  unwrapDataKey,
  type Vault,
  wrapDataKey,
} from './vault.ts';
