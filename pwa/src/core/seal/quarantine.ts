import type { PublicKey } from './jwk.ts';
import { claims, digest, openToken, origin, version1, word } from './token.ts';

const typ = 'quarantine-receipt+jwt';

/**
 * The server's word that it keeps pushed bytes which it could not take as a
 * record. It stops the phone from sending them again.
 */
export interface QuarantineReceipt {
  origin: string;
  /** Lower-case hex, over the pushed bytes. */
  sha256: string;
  /** ms since 1970, the server's clock. */
  receivedAt: number;
  /** Why: a Code of this package, or one of a later version. */
  code: string;
}

/** Reads a quarantine receipt and verifies it with the receipt key. Throws SealError. */
export async function openQuarantineReceipt(token: string, key: PublicKey): Promise<QuarantineReceipt> {
  const { payload } = await openToken(token, 'EdDSA', typ, key);
  const read = (o: Parameters<typeof version1>[0]): QuarantineReceipt => {
    version1(o);
    return {
      origin: origin(o, 'origin'),
      sha256: digest(o, 'sha256'),
      receivedAt: o.int('received_at'),
      code: word(o, 'code'),
    };
  };
  return claims(payload, read, 'v', 'origin', 'sha256', 'received_at', 'code');
}
