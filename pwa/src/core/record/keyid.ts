import { parseHash } from './hash.ts';

/**
 * Names a public key: its RFC 7638 thumbprint, SHA-256, in the text form of a
 * Hash. It is a type of its own because a journal starts with one where later
 * records have the other. "" stands for none.
 */
export type KeyID = string & { readonly brand?: 'Hash' | 'KeyID' };

/** Reads the text form, 43 characters of base64url; undefined for anything else. */
export function parseKeyID(text: string): KeyID | undefined {
  return parseHash(text);
}
