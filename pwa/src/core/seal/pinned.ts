import type { KeyID } from '../record/index.ts';
import { findKey, type KeySet, openKeySet, parseKeySet, rootOf } from './keyset.ts';
import { SealError } from './seal.ts';

/**
 * Opens a key set for a reader that holds nothing but the root key's thumbprint
 * (from the enrolment QR code, or from a printed paper): the set must be signed
 * by a key in it that has this thumbprint and the use "root". Throws SealError;
 * unknown_key when no such key stands in the set.
 */
export async function openPinnedKeySet(token: string, root: KeyID): Promise<KeySet> {
  if (rootOf(token) !== root) throw new SealError('unknown_key');
  const key = findKey(await parseKeySet(token), 'root', root);
  if (!key) throw new SealError('unknown_key');
  return openKeySet(token, key);
}
