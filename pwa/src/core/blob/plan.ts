import { BlobError } from './blob.ts';

/** The bytes from (included) to (excluded), and whether they are the last. */
export interface Part {
  from: number;
  to: number;
  last: boolean;
}

/**
 * The next part of an upload of size bytes of which offset are there already, at
 * most chunk long. An empty blob has one empty part. Throws a BlobError when the
 * numbers describe no upload, or nothing is left to send.
 */
export function plan(size: number, offset: number, chunk: number): Part {
  if (size < 0 || offset < 0 || chunk <= 0 || offset > size || (offset === size && size > 0)) {
    throw new BlobError('plan', `size ${size}, offset ${offset}, chunk ${chunk}`);
  }
  const to = size - offset > chunk ? offset + chunk : size;
  return { from: offset, to, last: to === size };
}
