/**
 * Package seal signs and opens what the protocol seals: records as SD-JWT
 * (RFC 9901), and the server's tokens as compact JWS (RFC 7515); see
 * docs/protocol.md, sections 1, 3 and 4. It is the twin of sync/seal, but for
 * what only a server does: it signs no tokens of the server and makes no nonces.
 *
 * Every text is held to one form before any parser sees it: size, characters,
 * then a header with exactly the members of the protocol. The algorithm is what
 * the type prescribes, never what the header asks for, and no key is ever taken
 * out of a header. Nothing here compares times.
 */
import { StructureError } from '../record/index.ts';

/** What can be wrong with a sealed text; what a quarantine receipt names. */
export type Code =
  | 'size' // too long
  | 'form' // not a sealed text
  | 'header' // not the header of this type
  | 'structure' // record's StructureError
  | 'claims' // not the claims of this type
  | 'field' // a signed field is not of the form
  | 'unknown_key' // signed by another or an unknown key
  | 'signature'; // does not verify

/** A sealed text that is refused. */
export class SealError extends Error {
  readonly code: Exclude<Code, 'structure'>;

  constructor(code: Exclude<Code, 'structure'>, detail = '', options?: ErrorOptions) {
    super(detail ? `${code}: ${detail}` : code, options);
    this.name = 'SealError';
    this.code = code;
  }
}

/**
 * A key that cannot do what is asked: not P-256 for a phone, not Ed25519 for
 * the server, or not a key of this protocol at all.
 */
export class KeyError extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(`not a key for this: ${detail}`, options);
    this.name = 'KeyError';
  }
}

/** A proof that was made for another request. */
export class ProofError extends Error {
  constructor() {
    super('proof is for another request');
    this.name = 'ProofError';
  }
}

/** Names the fault for machines; undefined when the error is none of this package's. */
export function code(error: unknown): Code | undefined {
  return error instanceof SealError || error instanceof StructureError ? error.code : undefined;
}

/** The longest token in bytes; a record has its own bound. */
export const maxToken = 8 << 10;
