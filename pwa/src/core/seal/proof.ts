import { members } from '../ijson/index.ts';
import type { KeyID } from '../record/index.ts';
import type { KeyFunc } from './jws.ts';
import { checkKey } from './jws.ts';
import { KeyError, ProofError, SealError } from './seal.ts';
import { type Signer, verifyCore } from './signature.ts';
import { claims, parseToken, signToken } from './token.ts';

const typ = 'device-proof+jwt';

/** What a phone says about one request that it makes. */
export interface Proof {
  keyID: KeyID;
  /** htm */
  method: string;
  /** htu: PUBLIC_URL and path, without query. */
  url: string;
  /** The server's, as it gave it. */
  nonce: string;
}

/** Makes the header Device-Proof for one request with the device key. Throws KeyError or SealError. */
export async function signProof(signer: Signer, method: string, url: string, nonce: string): Promise<string> {
  if (signer.publicKey.kty !== 'EC') throw new KeyError('a proof wants ES256');
  return signToken(typ, members(['htm', method], ['htu', url], ['nonce', nonce]), signer);
}

/**
 * Reads a proof and verifies it against the request and the key that it names.
 * Throws SealError, or ProofError when it was made for another request.
 */
export async function openProof(token: string, key: KeyFunc, method: string, url: string): Promise<Proof> {
  const j = parseToken(token, 'ES256', typ);
  const p = await claims(
    j.payload,
    (o) => ({ keyID: j.keyID, method: o.string('htm'), url: o.string('htu'), nonce: o.string('nonce') }),
    'htm',
    'htu',
    'nonce',
  );
  const found = await key(j.keyID);
  if (!found) throw new SealError('unknown_key');
  await checkKey('ES256', j.keyID, found);
  if (!(await verifyCore(j.core, j.signature, found))) throw new SealError('signature');
  if (p.method !== method || p.url !== url) throw new ProofError();
  return p;
}
