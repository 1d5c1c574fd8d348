import { isHex256 } from '../encoding/hex.ts';
import { isOffice, text } from '../record/index.ts';
import { genuine } from './genuine.ts';
import { type Entry, type Mark, point, put, type Ref } from './ref.ts';

/**
 * Finds the papers whose signer holds a secret, by its SHA-256 (docs/protocol.md
 * §11). It is one paper, unless a phone has used one secret twice.
 */
export interface Copy {
  /** Of the secret, hex. */
  sha256: string;
  papers: Mark[];
}

/** The digest of the secret that a record of a phone names. */
export function copyOf(r: Entry): string | undefined {
  const sum = text(r, 'copy_sha256');
  return genuine(r) && !isOffice(r) && isHex256(sum) ? sum : undefined;
}

export function applyCopy(c: Copy, ref: Ref): boolean {
  put(c.papers, point(ref));
  return true;
}
