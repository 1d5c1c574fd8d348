export { type Case, isClosed } from './case.ts';
export type { Attempt, Claim, ItemState, Move, VisitSummary } from './caselife.ts';
export type { Copy } from './copy.ts';
export type { Correction } from './correction.ts';
export type { Device } from './device.ts';
export type { Disclosure, Recipient, Tally } from './disclosure.ts';
export {
  apply,
  type Key,
  keys,
  keyText,
  newState,
  type State,
  type StateSet,
  type States,
  type Type,
} from './history.ts';
export { hasRole, type Member } from './member.ts';
export type { Policy, Template } from './published.ts';
export type { Quarantine } from './quarantine.ts';
export type { Redaction } from './redaction.ts';
export { type Entry, type Mark, type Meta, maxRefs, type Ref } from './ref.ts';
export type { Place, Review, Visit } from './visit.ts';
