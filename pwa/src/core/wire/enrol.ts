import { Faults, marshal, members } from '../ijson/index.ts';
import { type ID, parseID } from '../record/index.ts';
import type { PublicKey } from '../seal/index.ts';
import { type Agency, readAgency } from './agency.ts';
import type { EnrolCode } from './code.ts';
import { readAnswer } from './wire.ts';

/** The body of POST /api/field/v1/enrol: with a code, or with a device-proof+jwt of the old key. */
export type EnrolRequest = {
  /** The new key. */
  jwk: PublicKey;
  /** What the device is called, 1 to maxLabel characters. */
  label: string;
} & ({ code: EnrolCode } | { authorisedBy: string });

/** Writes the body. */
export function marshalEnrolRequest(e: EnrolRequest): string {
  const { kty, crv, x } = e.jwk;
  const y: [string, string][] = e.jwk.kty === 'EC' ? [['y', e.jwk.y]] : [];
  const jwk = members(['kty', kty], ['crv', crv], ['x', x], ...y);
  if ('code' in e) return marshal(members(['code', e.code], ['jwk', jwk], ['label', e.label]));
  return marshal(members(['jwk', jwk], ['label', e.label], ['authorised_by', e.authorisedBy]));
}

/**
 * Makes a phone one of the agency's. The key set is to be checked against the
 * pinned root, then the certificate against the key set.
 */
export interface EnrolAnswer {
  /** device-cert+jwt */
  certificate: string;
  /** keys+jwt */
  keys: string;
  memberID: ID;
  memberName: string;
  origin: string;
  /** ms. */
  serverTime: number;
  agency?: Agency | undefined;
}

/** Reads the answer. Throws ijson's Fault or FaultList. */
export function parseEnrolAnswer(body: Uint8Array): EnrolAnswer {
  const f = new Faults();
  const o = readAnswer(body, f);
  const member = o.obj('member');
  const memberName = member.string('name');
  const strings = { certificate: o.string('certificate'), keys: o.string('keys'), origin: o.string('origin') };
  const serverTime = o.int('server_time');
  const agency = readAgency(o);
  const memberID = parseID(member.string('id'));
  if (memberID === undefined && member.has('id')) member.fault('id', 'value', 'not a UUID');
  f.check();
  return { ...strings, memberID: memberID ?? '', memberName, serverTime, agency };
}
