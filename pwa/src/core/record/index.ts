export { maxBlobs, maxFields, maxSize, version } from './claims.ts';
export { type Clock, clockFlags, clockTolerance, corrected, lateAfter, skewMS, type Timed } from './clock.ts';
export { type Code, inLanguage, type Label, labelOf, type Role, roles, type State, states } from './code.ts';
export { type Channel, type ContactResult, channels, contactResults } from './contact.ts';
export { blobPrefix, checkFieldName, checkSalt, type Field, flat, formPrefix, type Tree, tree } from './field.ts';
export type { Flag } from './flag.ts';
export { compareHashes, type Hash, hashBytes, hashCore, parseHash, zeroHash } from './hash.ts';
export { type ID, isV7, newID, parseID, timeOf } from './id.ts';
export { checkJournal, checkLink, genesis, type Head, type JournalCode, JournalError } from './journal.ts';
export { type KeyID, parseKeyID } from './keyid.ts';
export { isKnownKind, isOfficeKind, isPhoneKind, type Kind, type OfficeKind, type PhoneKind } from './kind.ts';
export { type Outcome, outcomes, stateOf } from './outcome.ts';
export {
  type BlobField,
  blobFields,
  type Content,
  field,
  formFields,
  int,
  isOffice,
  type Opened,
  text,
  withheld,
} from './record.ts';
export { checkSchema, type SchemaFault, schemaOf } from './schema.ts';
export type { Rule, Schema } from './schemas.ts';
export type { FaultCode, Shape, Slot } from './shape.ts';
export {
  type BlobSlot,
  emptyStructure,
  marshalStructure,
  parseStructure,
  type Structure,
  StructureError,
} from './structure.ts';
