import { encodeBase64url } from '../encoding/base64.ts';
import type { Random } from '../encoding/bytes.ts';
import { utf8 } from '../encoding/text.ts';
import {
  hashCore,
  isOffice,
  marshalStructure,
  maxSize,
  type Opened,
  parseStructure,
  type Structure,
} from '../record/index.ts';
import { type Content, compact, fieldDigest, makeField, match } from './field.ts';
import { type Alg, algOf, type PublicKey, thumbprint } from './jwk.ts';
import { checkKey, expectHeader, header, type KeyFunc, split } from './jws.ts';
import { KeyError, SealError } from './seal.ts';
import { type Signer, signatureSize, verifyCore } from './signature.ts';

const typPhone = 'visit-record+sd-jwt';
const typOffice = 'office-record+sd-jwt';

const algFor = (office: boolean): Alg => (office ? 'EdDSA' : 'ES256');

/**
 * Makes a record of structure and content: ES256 with a P-256 key when the
 * structure has a seq, EdDSA with an Ed25519 key when it is the office's. It
 * fills sd, takes 16 bytes out of random for each salt, and checks the size
 * before it signs. The record that it returns is what parse makes of the text.
 *
 * It does not look at the kind's schema: what has happened can always be sealed.
 * Throws KeyError, StructureError, or SealError with size or field.
 */
export async function seal(
  structure: Structure,
  content: readonly Content[],
  signer: Signer,
  random: Random,
): Promise<{ text: string; record: Opened }> {
  const office = isOffice(structure);
  const alg = algFor(office);
  const typ = office ? typOffice : typPhone;
  if (algOf(signer.publicKey) !== alg) throw new KeyError(`${typ} wants ${alg}`);
  const raws = content.map((c) => makeField(c, random));
  const sd = (await Promise.all(raws.map(fieldDigest))).sort();
  const payload = marshalStructure({ ...structure, sd });
  const core = `${header(alg, typ, await thumbprint(signer.publicKey))}.${encodeBase64url(utf8(payload))}`;
  const size = compact(core, new Uint8Array(signatureSize), raws).length;
  if (size > maxSize) throw new SealError('size', `${size} bytes`);
  const { fields } = await match(sd, raws); // finds a name that is given twice
  // Written in the order of _sd, which says nothing of the order of the content.
  const text = compact(
    core,
    await signer.sign(core),
    fields.map((f) => f.raw),
  );
  return { text, record: await parse(text) };
}

/**
 * Reads a compact record strictly and verifies nothing: whoever uses the result
 * has to call verify, or calls open. Fields that the record does not name are in
 * stray. Throws SealError or StructureError.
 */
export async function parse(text: string): Promise<Opened> {
  if (text.length > maxSize) throw new SealError('size', `${text.length} characters`);
  const end = text.indexOf('~');
  if (end < 0 || !text.endsWith('~')) throw new SealError('form', 'does not end in a tilde');
  const rest = text.slice(end + 1, -1);
  const raws = end === text.length - 1 ? [] : rest.split('~');
  if (!raws.every((raw) => /^[A-Za-z0-9_-]+$/.test(raw))) throw new SealError('form', 'a field is not base64url');
  const j = split(text.slice(0, end));
  const office = j.typ === typOffice;
  expectHeader(j, algFor(office), office ? typOffice : typPhone);
  const { structure, flags } = parseStructure(j.payload, office);
  const { fields, stray } = await match(structure.sd, raws);
  if (stray.length > 0) flags.push('stray_field');
  const hash = await hashCore(j.core);
  return { ...structure, keyID: j.keyID, hash, core: j.core, signature: j.signature, fields, stray, flags };
}

/**
 * Checks the signature of a record that parse has read. key must be the key that
 * the record names. Throws SealError with unknown_key or signature.
 */
export async function verify(r: Opened, key: PublicKey): Promise<void> {
  await checkKey(algFor(isOffice(r)), r.keyID, key);
  if (!(await verifyCore(r.core, r.signature, key))) throw new SealError('signature');
}

/** parse, the search for the key, and verify. */
export async function open(text: string, key: KeyFunc): Promise<Opened> {
  const r = await parse(text);
  const found = await key(r.keyID);
  if (!found) throw new SealError('unknown_key');
  await verify(r, found);
  return r;
}
