import type { Hash } from '../record/index.ts';
import type { PublicKey } from './jwk.ts';
import { claims, count, digest, hash, openToken, origin, version1 } from './token.ts';

const typ = 'blob-receipt+jwt';

/** The server's word that it has stored a blob of a record. */
export interface BlobReceipt {
  origin: string;
  record: Hash;
  /** Lower-case hex. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** ms since 1970, the server's clock. */
  storedAt: number;
  /** Size of the ledger at that time. */
  index: number;
}

/** Reads a blob receipt and verifies it with the receipt key. Throws SealError. */
export async function openBlobReceipt(token: string, key: PublicKey): Promise<BlobReceipt> {
  const { payload } = await openToken(token, 'EdDSA', typ, key);
  const read = (o: Parameters<typeof version1>[0]): BlobReceipt => {
    version1(o);
    return {
      origin: origin(o, 'origin'),
      record: hash(o, 'record'),
      sha256: digest(o, 'sha256'),
      size: count(o, 'size'),
      storedAt: o.int('stored_at'),
      index: count(o, 'index'),
    };
  };
  return claims(payload, read, 'v', 'origin', 'record', 'sha256', 'size', 'stored_at', 'index');
}
