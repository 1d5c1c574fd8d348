import { schemas } from './schemas.ts';

/** Kinds that a phone seals; photo.redacted and file.attached by the office too. */
export type PhoneKind =
  | 'contact.logged'
  | 'visit.started'
  | 'place.changed'
  | 'identity.checked'
  | 'photo.captured'
  | 'photo.redacted'
  | 'note.written'
  | 'hearing.read_back'
  | 'policy.explained'
  | 'declaration.signed'
  | 'declaration.declined'
  | 'item.received'
  | 'file.attached'
  | 'visit.ended'
  | 'record.amended';

/** Kinds that the office seals. */
export type OfficeKind =
  | 'case.opened'
  | 'case.assigned'
  | 'case.changed'
  | 'case.voided'
  | 'file.attached'
  | 'photo.redacted'
  | 'review.decided'
  | 'flag.answered'
  | 'report.issued'
  | 'disclosure.prepared'
  | 'disclosure.approved'
  | 'disclosure.opened'
  | 'disclosure.downloaded'
  | 'disclosure.acknowledged'
  | 'disclosure.asked'
  | 'disclosure.revoked'
  | 'consent.withdrawn'
  | 'objection.made'
  | 'device.enrolled'
  | 'device.revoked'
  | 'member.changed'
  | 'template.published'
  | 'policy.published'
  | 'erasure.requested'
  | 'erasure.done'
  | 'clock.anchored'
  | 'quarantine.released'
  | 'quarantine.rejected'
  | 'origin.opened';

/** What sort of fact a record states. A record read may hold a kind that this version does not know. */
export type Kind = PhoneKind | OfficeKind;

/** A phone may seal the kind. */
export function isPhoneKind(kind: string): kind is PhoneKind {
  return schemas.get(kind)?.phone ?? false;
}

/** The office may seal the kind. */
export function isOfficeKind(kind: string): kind is OfficeKind {
  return schemas.get(kind)?.office ?? false;
}

/** The kind is one of this version's. */
export function isKnownKind(kind: string): kind is Kind {
  return schemas.has(kind);
}

/** The longest kind that is read, known or not. */
const maxKind = 64;

/** Reports whether a text could be a kind of some version: words of [a-z0-9_] with dots between them. */
export function isFormedKind(kind: string): boolean {
  return kind.length <= maxKind && /^[a-z0-9_]+(\.[a-z0-9_]+)*$/.test(kind);
}
