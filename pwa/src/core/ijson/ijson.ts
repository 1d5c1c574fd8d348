/**
 * Package ijson reads and writes I-JSON (RFC 7493) strictly, as every signed or
 * hashed text of the protocol demands. It is the twin of sync/ijson.
 *
 * JSON.parse is too lenient for evidence: it lets the last of two equal names
 * win, passes lone surrogates and rounds large numbers. Two programs could then
 * read two statements out of one signed text. Here one text has one meaning or
 * none.
 *
 * Beyond RFC 7493 the protocol takes integers only: -?(0|[1-9][0-9]*) within
 * ±(2^53−1), never -0, a fraction or an exponent.
 *
 * Faults are judged in reading order, so that every twin names the same first
 * one: the size in bytes, then UTF-8 over the whole text, then the grammar from
 * left to right.
 */
export const defaultBytes = 64 << 10;
/** Objects and arrays that may be open at one time, unless Limits says otherwise. */
export const defaultDepth = 16;
/** Members plus elements over the whole text, unless Limits says otherwise. */
export const defaultMembers = 16384;

/** The largest integer that survives every JSON reader (RFC 7493 §2.2). */
export const maxInt = Number.MAX_SAFE_INTEGER;

/** Bounds the work and the memory that one text may cost; what is absent or 0 means its default. */
export interface Limits {
  /** Length of the text in bytes. */
  bytes?: number;
  /** Objects and arrays open at one time. */
  depth?: number;
  /** Object members plus array elements, counted over the whole text. */
  members?: number;
}

/** The JSON type of a Value; absent: no such member. */
export type Kind = 'absent' | 'null' | 'boolean' | 'integer' | 'string' | 'array' | 'object';
