/** What can go wrong between the app and its storage. */
export type StoreFault =
  | 'failed' // the database does not answer, or refuses; what was asked did not happen
  | 'quota' // no room
  | 'emptied' // the database was emptied from outside while it was in use
  | 'outdated' // a newer version of the app has opened the database: reload
  | 'migration' // the old data could not be taken over whole; it is untouched
  | 'head' // the journal has moved on: sign again
  | 'stopped' // this key seals no more
  | 'blob' // a blob of the record is not there
  | 'missing' // no such row
  | 'damaged' // bytes are not those that were written
  | 'locked' // encrypted, and the key is not here
  | 'pin'; // not the PIN

/** A fault of this package. Whatever a transaction was to write, it wrote nothing. */
export class StoreError extends Error {
  readonly code: StoreFault;

  constructor(code: StoreFault, detail = '', options?: ErrorOptions) {
    super(detail ? `${code}: ${detail}` : code, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** What a browser threw, in this package's words. */
export function storeError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const name = cause instanceof Error || isNamed(cause) ? cause.name : '';
  if (name === 'QuotaExceededError') return new StoreError('quota', '', { cause });
  if (name === 'VersionError') return new StoreError('outdated', '', { cause });
  return new StoreError('failed', name, { cause });
}

/** A DOMException, which not every engine makes an Error. */
function isNamed(cause: unknown): cause is { name: string } {
  return typeof cause === 'object' && cause !== null && 'name' in cause && typeof cause.name === 'string';
}
