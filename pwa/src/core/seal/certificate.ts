import { codePoints } from '../encoding/text.ts';
import type { Obj } from '../ijson/index.ts';
import { type ID, parseID } from '../record/index.ts';
import { type PublicKey, readJWK } from './jwk.ts';
import { SealError } from './seal.ts';
import { claims, openToken, origin, version1 } from './token.ts';

const typ = 'device-cert+jwt';

/**
 * The server's word that a device key belongs to a member. A phone shows it to a
 * server that does not know the key.
 */
export interface DeviceCert {
  origin: string;
  /** The device's, P-256. */
  key: PublicKey;
  member: ID;
  /** The member's, 1 to 200 characters. */
  name: string;
  /** ms since 1970, the server's clock. */
  issuedAt: number;
}

/** Reads a certificate and verifies it with the office key. Throws SealError. */
export async function openDeviceCert(token: string, key: PublicKey): Promise<DeviceCert> {
  const { payload } = await openToken(token, 'EdDSA', typ, key);
  const cert = await claims(payload, read, 'v', 'origin', 'jwk', 'member', 'name', 'issued_at');
  if (!cert.key) throw new SealError('claims', 'no key');
  return { ...cert, key: cert.key };
}

function read(o: Obj): Omit<DeviceCert, 'key'> & { key: PublicKey | undefined } {
  version1(o);
  const key = readJWK(o.obj('jwk'));
  if (key && key.kty !== 'EC') o.fault('jwk', 'value', 'want P-256');
  const member = parseID(o.string('member'));
  if (member === undefined && o.has('member')) o.fault('member', 'id');
  const name = o.string('name');
  const n = codePoints(name);
  if (o.has('name') && (n < 1 || n > 200)) o.fault('name', 'value', 'want 1 to 200 characters');
  return { origin: origin(o, 'origin'), key, member: member ?? '', name, issuedAt: o.int('issued_at') };
}
