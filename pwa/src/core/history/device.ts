import type { ID, KeyID, Tree } from '../record/index.ts';
import { hashField, idField, objectField, short } from './content.ts';
import { type Entry, type Mark, point, type Ref } from './ref.ts';

/** A key that a member enrolled on one installation. */
export interface Device {
  kid: KeyID;
  member?: ID | undefined;
  label: string;
  jwk?: Tree | undefined;
  /** The old key, when it replaced one. */
  authorised_by?: KeyID | undefined;
  enrolled?: Mark | undefined;
  revoked?: Mark | undefined;
}

/** A device before any record. */
export function newDevice(kid: KeyID): Device {
  return { kid, label: '' };
}

/** A key is enrolled once and stays revoked. */
export function applyDevice(d: Device, r: Entry, ref: Ref): boolean {
  if (r.kind === 'device.revoked') {
    if (d.revoked) return false;
    d.revoked = point(ref);
    return true;
  }
  if (d.enrolled && d.enrolled.record !== ref.record) return false;
  d.enrolled = point(ref);
  d.member = idField(r, 'member');
  d.label = short(r, 'label');
  d.authorised_by = hashField(r, 'authorised_by');
  d.jwk = objectField(r, 'jwk') ?? d.jwk;
  return true;
}
