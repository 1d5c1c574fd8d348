import type { DBSchema } from 'idb';
import type { Hash, Head, ID, KeyID } from '../core/record/index.ts';
import type { PublicKey } from '../core/seal/index.ts';

/**
 * A value as it lies in the database: an ArrayBuffer, never a Blob (WebKit loses
 * those). v 0 is open; any other is AES-GCM under the space's data key of that
 * generation, nonce first.
 */
export interface Cell {
  v: number;
  data: ArrayBuffer;
}

/** How a data key is wrapped twice: for the PIN, and for the server's rescue recipient. */
export interface VaultRow {
  /** Of the data key; cells name it. */
  generation: number;
  salt: ArrayBuffer;
  /** Of PBKDF2. */
  iterations: number;
  /** Nonce and AES-GCM of the data key under HKDF(HMAC(device, PBKDF2(PIN))). */
  wrapped: ArrayBuffer;
  /** An age file that holds the data key. */
  rescue: ArrayBuffer;
}

/** One member on this installation: rows of different spaces never meet. */
export interface SpaceRow {
  /** The member's first key id here. */
  id: string;
  member: ID;
  name: string;
  publicURL: string;
  /** Thumbprint of the server's root key. */
  root: KeyID;
  /** The root came with a QR code, not with the first answer. */
  pinned: boolean;
  /** Of the ledger that the receipts here are of. */
  origin: string;
  /** keys+jwt */
  keys: string;
  /** The key that seals. */
  current: KeyID;
  /** Of HMAC, made on this device, not extractable: what binds the PIN to it. */
  mac: CryptoKey;
  vault: VaultRow | null;
  /** Wrong PINs in a row, and the device time until which none is tried. */
  wrong: number;
  waitUntil: number;
  /** Of the cache that screens read. */
  generation: number;
  /** "" before the first page. */
  cursor: string;
  /** A cache that is being built beside it. */
  rebuild: { generation: number; cursor: string } | null;
  /** What the device is called. */
  label: string;
  originalsOnWifi: boolean;
  /** ms, the server's clock. */
  lastReceivedAt: number;
}

/** A device key and the journal that it seals. */
export interface KeyRow {
  kid: KeyID;
  space: string;
  publicKey: PublicKey;
  privateKey: CryptoKey;
  /** device-cert+jwt; "" until the server knows the key. */
  certificate: string;
  /** The old key that vouches for this one. */
  authorisedBy: KeyID | '';
  /** A head that is not held was seen: it seals no more. */
  stopped: boolean;
  /** The last record; seq 0 and the kid before the first. */
  head: Head;
  /** The head that the server told last. */
  acked: Head;
}

/** A sealed record. It stays as a stub when its content was let go of. */
export interface RecordRow {
  space: string;
  hash: Hash;
  kid: KeyID;
  seq: number;
  at: number;
  /** Of the text, bytes. */
  size: number;
  /** JSON of RecordFacts. */
  facts: Cell;
}

/** The compact form. */
export interface TextRow {
  space: string;
  hash: Hash;
  text: Cell;
}

/** The state of one record between here and the server. Nothing of its content. */
export interface OutboxRow {
  space: string;
  hash: Hash;
  kid: KeyID;
  seq: number;
  state: 'unsent' | 'received' | 'quarantined' | 'rejected';
  /** receipt+jwt, or quarantine-receipt+jwt. */
  receipt: string;
  /** In the ledger, −1 while unknown. */
  index: number;
  /** ms, the server's clock. */
  receivedAt: number;
  flags: string[];
  /** Hex SHA-256 of the text: its name in quarantine. "" otherwise. */
  suspect: string;
  /** Why it needs a person; "" otherwise. */
  problem: string;
  blobs: BlobState[];
  /** Content let go of. */
  released: boolean;
}

/** The same for one of its blobs. */
export interface BlobState {
  id: string;
  sha256: string;
  size: number;
  /** A derivative, a preview or a picture with parts hidden, is small and goes first. */
  derived: boolean;
  /** blob-receipt+jwt, "" while there is none. */
  receipt: string;
  /** Size of the ledger when it was stored, −1 while unknown. */
  index: number;
  /** Path of an upload under way, "" for none. */
  upload: string;
  offset: number;
  problem: string;
}

/** Bytes of a blob. Rows that no record names are litter of a seal that did not come to its end. */
export interface BlobRow {
  space: string;
  sha256: string;
  size: number;
  bytes: Cell;
}

/** A form in progress or a pending photo. */
export interface DraftRow {
  space: string;
  key: string;
  value: Cell;
}

/** A state from the feed. */
export interface CacheRow {
  space: string;
  generation: number;
  type: string;
  id: string;
  body: Cell;
}

/** Facts of the installation. */
export interface MetaRow {
  key: string;
  value: unknown;
}

/** By space, and the generation of the cell. */
type Vaulted = { vault: [string, number] };

/** The database. */
export interface Schema extends DBSchema {
  meta: { key: string; value: MetaRow };
  spaces: { key: string; value: SpaceRow };
  keys: { key: string; value: KeyRow };
  records: { key: [string, string]; value: RecordRow; indexes: Vaulted };
  texts: { key: [string, string]; value: TextRow; indexes: Vaulted };
  outbox: { key: [string, string]; value: OutboxRow };
  blobs: { key: [string, string]; value: BlobRow; indexes: Vaulted };
  drafts: { key: [string, string]; value: DraftRow; indexes: Vaulted };
  cache: { key: [string, number, string, string]; value: CacheRow; indexes: Vaulted };
}

/** The stores of the database. */
export type Name = 'meta' | 'spaces' | 'keys' | 'records' | 'texts' | 'outbox' | 'blobs' | 'drafts' | 'cache';

/** Stores whose rows belong to a space, with the place of their cell. */
export const celled = [
  ['records', 'facts'],
  ['texts', 'text'],
  ['blobs', 'bytes'],
  ['drafts', 'value'],
  ['cache', 'body'],
] as const;
