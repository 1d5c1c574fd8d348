import { type Content, isOffice, isOfficeKind, isPhoneKind, version } from '../record/index.ts';

/**
 * Reports whether r is a record that this version understands: its version, and a
 * kind that its side may seal. Others are listed and move nothing.
 */
export function genuine(r: Content): boolean {
  return r.v === version && (isOffice(r) ? isOfficeKind(r.kind) : isPhoneKind(r.kind));
}
