/**
 * Package engine is the phone without its screens: it enrols, seals, keeps, and
 * ships. Screens call App and read its signals; they never see IndexedDB, a
 * request or a receipt. SPEC.md says how the sync loop behaves, state.ts is it.
 *
 * Two facts are never mixed. What seal has returned is *saved here*: a strict
 * write was confirmed. What the outbox calls received is *with the server*: a
 * signed receipt was checked against the pinned root.
 */
export type {
  App,
  AppStatus,
  Blocked,
  Cases,
  Clocks,
  Device,
  Draft,
  DraftBlob,
  Drafts,
  Enrolment,
  HeldBlob,
  HeldRecord,
  ItemState,
  Lock,
  MemberChoice,
  OpenOptions,
  Outbox,
  OutboxBlob,
  OutboxRecord,
  OwnVisit,
  Person,
  Sealed,
  StorageReport,
  Sync,
  Unfit,
  Unsent,
} from './app.ts';
export { EngineError, type EngineFault } from './fault.ts';
export { warm } from './late.ts';
export { openApp } from './open.ts';
