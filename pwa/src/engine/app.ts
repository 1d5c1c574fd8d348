import type { ReadonlySignal } from '@preact/signals-core';
import type { Case, Member, Policy, Template } from '../core/history/index.ts';
import type { Hash, ID, KeyID, PhoneKind, Tree } from '../core/record/index.ts';
import type { Agency } from '../core/wire/index.ts';
import type { Ports } from './ports.ts';

/** What openApp is given; everything has a default but app. */
export interface OpenOptions {
  /** Version of the program, as records name it. */
  app: string;
  /** scheme and host of the server, for codes that are typed: the page's origin. */
  publicURL?: string;
  /** Of the conduct policy in force, asked for at each seal: the feed may bring another. Default: the built-in version. */
  policy?: () => string | Promise<string>;
  /** Name of the database; tests and practice use others. */
  database?: string;
  /** ms of the server's clock for which content stays after it is safe; default two weeks. */
  keepFor?: number;
  /** Blobs on their way at once; default 2. */
  lanes?: number;
  /** Bytes of the first chunk; default 256 KiB. */
  chunk?: number;
  /** Rounds of PBKDF2 for a first PIN; tests take fewer. */
  pinRounds?: number;
  /** False: the loop waits for its first wake-up. */
  autostart?: boolean;
  /** Clock, network, store, randomness, timers: the platform's own by default. */
  ports?: Partial<Ports>;
}

/** Who works on this installation. */
export interface Person {
  id: ID;
  name: string;
}

/** A member who has enrolled here; each keeps drafts, records and outbox apart. */
export interface MemberChoice extends Person {
  /** Names the member's part of the store. */
  space: string;
  current: boolean;
  locked: boolean;
  /** Records and blobs without a receipt. */
  unsent: number;
}

/** none: show the enrolment screen. locked: ask for the PIN. */
export type Enrolment = { state: 'none' } | { state: 'locked'; member: Person } | { state: 'enrolled'; member: Person };

/** What keeps a browser from becoming a phone of the agency: no https, or keys that it cannot keep. "": nothing. */
export type Unfit = '' | 'insecure' | 'keys';

/** This installation's key, and whom it believes. */
export interface Device {
  kid: KeyID;
  /** Of the server's root key, as pinned. */
  root: KeyID;
  /** The root came with the QR code; false: from the first answer, after a typed code. */
  pinned: boolean;
  certificate: string;
  publicURL: string;
  origin: string;
  /** Earlier keys of the same member on this installation, which seal no more. */
  former: KeyID[];
}

/** What a seal is asked to hold. */
export interface Draft {
  kind: PhoneKind;
  case: ID;
  visit?: ID;
  /** Hash of the record that this one corrects. */
  amends?: Hash;
  /** Name and value of each field; blob.<id> fields are added for blobs. Values as ijson's marshal takes them. */
  fields: readonly (readonly [name: string, value: unknown])[];
  blobs?: readonly DraftBlob[];
  /** Keys of drafts that are done with this record: they are deleted in the transaction that keeps it. */
  consumes?: readonly string[];
}

/** One blob of a draft. Bytes are kept exactly as they are. */
export interface DraftBlob {
  /** Unique in its record: [A-Za-z0-9_-]{1,64}. */
  id: string;
  role: string;
  /** Media type. */
  type: string;
  bytes: Uint8Array | ArrayBuffer;
  /** Id of the original, for a derivative. */
  of?: string;
}

/** What was sealed: saved here, confirmed. */
export interface Sealed {
  hash: Hash;
  id: ID;
  kid: KeyID;
  seq: number;
  kind: PhoneKind;
  case: ID;
  visit: ID | '';
  /** Device clock, ms. */
  at: number;
  blobs: { id: string; sha256: string; size: number }[];
}

/** A record of this phone, as it was sealed. */
export interface HeldRecord {
  hash: Hash;
  id: ID;
  kid: KeyID;
  seq: number;
  kind: string;
  case: ID;
  visit: ID | '';
  at: number;
  amends: Hash | '';
  /** By name; absent fields: the content was let go of after the server and its backup had it (kept: false). */
  fields: { [name: string]: Tree };
  /** The compact form, "" once it was let go of. */
  text: string;
  kept: boolean;
  blobs: HeldBlob[];
  state: ItemState;
  /** As the server flagged it. */
  flags: string[];
  /** ms, the server's clock; 0 while there is no receipt. */
  receivedAt: number;
}

export interface HeldBlob {
  id: string;
  role: string;
  sha256: string;
  size: number;
  type: string;
  /** Id of the original, "" for none. */
  of: string;
  /** The bytes are still here. */
  kept: boolean;
  state: ItemState;
}

/** 待機・送信中・受領済・要対応 */
export type ItemState = 'waiting' | 'sending' | 'received' | 'attention';

/** One record in the outbox view, with its blobs. */
export interface OutboxRecord {
  hash: Hash;
  seq: number;
  kind: string;
  case: ID;
  visit: ID | '';
  at: number;
  /** Of the record's text, bytes. */
  size: number;
  state: ItemState;
  flags: string[];
  /** For attention: quarantined, quarantine_rejected, receipt, or a problem code of the server. */
  problem: string;
  blobs: OutboxBlob[];
}

export interface OutboxBlob {
  id: string;
  role: string;
  sha256: string;
  size: number;
  /** Bytes that the server has confirmed, or that are on their way for sending. */
  sent: number;
  state: ItemState;
  /** Held back until there is Wi-Fi, by the rep's choice. */
  held: boolean;
  problem: string;
}

/** What has no receipt yet. A photo is an original and what was derived from it; blobs counts each. */
export interface Unsent {
  records: number;
  blobs: number;
  photos: number;
  bytes: number;
}

/** The truth about what is here and what is there, newest record first. */
export interface Outbox {
  items: OutboxRecord[];
  unsent: Unsent;
  /** Items that need a person. */
  attention: number;
}

/** A visit as this phone's own records tell it. */
export interface OwnVisit {
  visit: ID;
  case: ID;
  startedAt: number;
  endedAt: number | undefined;
  records: number;
  /** Records or blobs without a receipt. */
  unsent: number;
}

/** Why nothing moves until a person does something. */
export type Blocked =
  | ''
  | 'device_unknown' // enrol again with a new code; everything is kept and will be sent
  | 'device_revoked' // records and photos still leave; no cases arrive
  | 'member_removed' // the same
  | 'root_changed' // another server answers under this name
  | 'store_failed' // the phone's storage does not answer: close other apps, reload
  | 'store_gone' // the storage was emptied from outside (canary)
  | 'store_outdated' // a newer version of the app has taken it over: reload
  | 'quota'; // storage is full

/** The one line that is always true. */
export interface AppStatus {
  online: boolean;
  /** What the loop does now. */
  activity: 'idle' | 'sending' | 'receiving' | 'waiting' | 'paused';
  /** When it tries again after a failure, device clock ms; 0: no failure. */
  retryAt: number;
  /** Of the last failure: a NetFault or a problem code; "" after success. */
  problem: string;
  blocked: Blocked;
  /** ms, the server's clock, of the newest checked receipt; 0: none. */
  lastReceivedAt: number;
  /** ms, device clock, of the last answer; 0: none. */
  lastContactAt: number;
  unsent: Unsent;
}

/** What the browser says of its storage, and what the canary says. */
export interface StorageReport {
  persisted: boolean;
  /** persist() was asked and what it said: granted, denied, silent (no answer), unsupported, unasked. */
  asked: 'granted' | 'denied' | 'silent' | 'unsupported' | 'unasked';
  usage: number;
  quota: number;
  /** ok; new: first start; gone: this installation had a store and it is empty now. */
  canary: 'ok' | 'new' | 'gone';
}

/** What is known about the clock. */
export interface Clocks {
  /** Server minus device, ms; undefined: never measured. */
  offsetMS: number | undefined;
  measuredAt: number | undefined;
  /** The device is off by more than 5 minutes. */
  wrong: boolean;
}

/** Assigned cases from the feed cache: there offline, at once. */
export interface Cases {
  /** Without voided ones; order is the screen's business. */
  readonly list: ReadonlySignal<Case[]>;
  get(id: ID): Case | undefined;
}

/** Forms in progress, and pending photo slots. Encrypted like everything else. Values are structured-cloneable plain data; ArrayBuffers and Uint8Arrays allowed. */
export interface Drafts {
  get<T>(key: string): Promise<T | undefined>;
  /** Resolves after a confirmed strict write. Throws EngineError: then nothing was kept. */
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
  /** Keys with that prefix, ascending. */
  keys(prefix?: string): Promise<string[]>;
}

/** What screens remember of the installation. handed: the paper that is in a worker's hands; setup: who has been through the explanations. */
export type Mark = 'handed' | 'setup';

/** The sync loop, as a person sees it. */
export interface Sync {
  /** Try now; harmless at any time. Resolves when the loop comes to rest (idle, waiting, paused, blocked). */
  kick(): Promise<void>;
  /** Resolves when nothing is under way. */
  rest(): Promise<void>;
  pause(): void;
  resume(): void;
  /** Originals wait for Wi-Fi; kept over restarts. */
  readonly originalsOnWifi: ReadonlySignal<boolean>;
  setOriginalsOnWifi(on: boolean): Promise<void>;
  /** Wakes the loop when the page is seen or the network comes back; the shell calls it. */
  wake(reason: 'online' | 'visible' | 'background'): void;
}

/** App lock: encryption at rest with a PIN (docs/protocol.md §8). */
export interface Lock {
  /** A PIN is set. */
  readonly set: ReadonlySignal<boolean>;
  readonly locked: ReadonlySignal<boolean>;
  /** Device clock ms until which no PIN is tried, after wrong ones; 0. */
  readonly waitUntil: ReadonlySignal<number>;
  /**
   * Sets the first PIN, which encrypts all that is here, or another one: then old
   * is needed. Throws pin_wrong, pin_wait.
   */
  setPIN(pin: string, old?: string): Promise<void>;
  /** Throws pin_wrong, pin_wait. */
  unlock(pin: string): Promise<void>;
  /** True when the PIN is right; counts wrong ones. For leaving the hand-over mode. */
  check(pin: string): Promise<boolean>;
  lock(): void;
}

/** The phone. One per page. */
export interface App {
  readonly enrolment: ReadonlySignal<Enrolment>;
  /** A scanned link or a typed code. On a phone whose key the server does not know any more it brings the same key back. */
  enrol(linkOrCode: string, label: string): Promise<Person>;
  /** Whether this browser can be a phone of the agency at all; asked before a code is used. */
  unfitness(): Promise<Unfit>;
  /** Everyone who has enrolled on this installation. */
  readonly members: ReadonlySignal<MemberChoice[]>;
  /** Another member takes over; the outbox of the one before stays and is sent when he is back (or by rescue file). */
  switchTo(space: string): Promise<void>;

  readonly member: ReadonlySignal<Person | undefined>;
  /** As the office describes him: from the feed. */
  readonly profile: ReadonlySignal<Member | undefined>;
  /** As the server last named it, for papers; undefined while it has not. */
  readonly agency: ReadonlySignal<Agency | undefined>;
  readonly device: ReadonlySignal<Device | undefined>;
  readonly cases: Cases;
  /** Published templates and policies from the feed; what is built in is core's. */
  readonly templates: ReadonlySignal<Template[]>;
  readonly policies: ReadonlySignal<Policy[]>;

  /** Resolves only after a confirmed strict write of record, head, outbox and blobs in one transaction. Throws EngineError: then nothing was saved. */
  seal(draft: Draft): Promise<Sealed>;
  /** Grows with every change of own records. Read it in a screen, then ask again. */
  readonly revision: ReadonlySignal<number>;
  /** Own records of a visit, in journal order. */
  visit(visit: ID): Promise<HeldRecord[]>;
  /** Own records of a case that belong to no visit (contacts), in journal order. */
  recordsOf(caseID: ID): Promise<HeldRecord[]>;
  record(hash: Hash): Promise<HeldRecord | undefined>;
  /** Visits of own records, newest first; the first without endedAt is the one to resume. */
  readonly visits: ReadonlySignal<OwnVisit[]>;
  /** Bytes of a blob, read back and held against their hash. Throws gone or damaged. */
  blob(sha256: string): Promise<Uint8Array<ArrayBuffer>>;
  readonly drafts: Drafts;

  readonly outbox: ReadonlySignal<Outbox>;
  readonly status: ReadonlySignal<AppStatus>;
  readonly sync: Sync;
  readonly storage: ReadonlySignal<StorageReport>;
  /** Asks the browser for persistence; races it with a timer, because some never answer. */
  persist(): Promise<StorageReport>;
  readonly clock: ReadonlySignal<Clocks>;
  readonly lock: Lock;
  /**
   * All unsent work as a rescue file, piece by piece; `tachiai import` takes it.
   * Works locked too: then the file is what lies here, unopened. space: another
   * member's, default the one at work. Throws EngineError with rescue when the
   * server has named no recipient.
   */
  rescue(space?: string): AsyncIterable<Uint8Array<ArrayBuffer>>;
  /**
   * What was remembered; it stands in the clear and is there behind the lock.
   * localStorage is no place for it: a browser writes that when it likes, and a
   * kill takes what it has not written.
   */
  mark(name: Mark): unknown;
  /** Resolves after a confirmed strict write. */
  remember(name: Mark, value: unknown): Promise<void>;
  /** A UUIDv7, and the wall clock, from the engine's own sources. */
  newID(): ID;
  now(): number;
  /** Stops the loop and closes the store. */
  close(): Promise<void>;
}
