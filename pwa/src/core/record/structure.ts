import { utf8 } from '../encoding/text.ts';
import { Faults, marshal, members, obj, parse } from '../ijson/index.ts';
import {
  maxSize,
  officeClaims,
  phoneClaims,
  readBlobs,
  readDigests,
  readHash,
  readID,
  readJournal,
  readWords,
  version,
} from './claims.ts';
import type { Clock } from './clock.ts';
import type { Flag } from './flag.ts';
import type { Hash } from './hash.ts';
import { type ID, isV7 } from './id.ts';
import { isFormedKind, isOfficeKind, isPhoneKind } from './kind.ts';

/**
 * The part of a record that stands in the clear (docs/protocol.md, section
 * 1.2). seq 0 makes it one of the office's, which has none of prev, tz, boot,
 * mono, clock and policy.
 */
export interface Structure {
  v: number;
  /** UUIDv7. */
  id: ID;
  seq: number;
  /** For seq 1 the key id. */
  prev: Hash;
  kind: string;
  /** "": none. */
  case: ID;
  /** "": none. */
  visit: ID;
  /** ms since 1970, by the writer's clock. */
  at: number;
  tz: string;
  /** 16 random bytes of this page load, base64url. */
  boot: string;
  /** ms since this page load. */
  mono: number;
  /** null: never measured. */
  clock: Clock | null;
  actor: ID;
  app: string;
  policy: string;
  blobs: BlobSlot[];
  /** "": none. */
  amends: Hash;
  /** Digests of the fields, ascending as text. */
  sd: Hash[];
}

/** Announces a blob in the clear; its field says the rest. */
export interface BlobSlot {
  id: string;
  role: string;
}

/** A structure in which nothing is said yet. */
export function emptyStructure(): Structure {
  return {
    v: version,
    id: '',
    seq: 0,
    prev: '',
    kind: '',
    case: '',
    visit: '',
    at: 0,
    tz: '',
    boot: '',
    mono: 0,
    clock: null,
    actor: '',
    app: '',
    policy: '',
    blobs: [],
    amends: '',
    sd: [],
  };
}

/** The text is not of the form of section 1.2. The faults are found with ijson's list. */
export class StructureError extends Error {
  readonly code = 'structure';

  constructor(detail: string, options?: ErrorOptions) {
    super(`not the structure of a record: ${detail}`, options);
    this.name = 'StructureError';
  }
}

const sdAlg = 'sha-256';

/**
 * Writes the payload: the members in the order of section 1.2, absent ones left
 * out. The same structure always gives the same text. What parseStructure would
 * not take is a StructureError and never written.
 */
export function marshalStructure(s: Structure): string {
  const phone = s.seq !== 0;
  const only = <T>(there: boolean, name: string, v: T): [string, T][] => (there ? [[name, v]] : []);
  const clock = s.clock && members(['offset_ms', s.clock.offsetMS], ['age_ms', s.clock.ageMS]);
  if (!phone && (s.prev || s.tz || s.boot || s.mono || s.clock || s.policy)) {
    throw new StructureError('an office record with a place in a journal');
  }
  const text = wrap(() =>
    marshal(
      members(
        ['v', s.v],
        ['id', s.id],
        ...only(phone, 'seq', s.seq),
        ...only(phone, 'prev', s.prev),
        ['kind', s.kind],
        ...only(s.case !== '', 'case', s.case),
        ...only(s.visit !== '', 'visit', s.visit),
        ['at', s.at],
        ...only(phone, 'tz', s.tz),
        ...only(phone, 'boot', s.boot),
        ...only(phone, 'mono', s.mono),
        ...only(phone, 'clock', clock),
        ['actor', s.actor],
        ['app', s.app],
        ...only(phone, 'policy', s.policy),
        ...only(
          phone || s.blobs.length > 0,
          'blobs',
          s.blobs.map((b) => members(['id', b.id], ['role', b.role])),
        ),
        ...only(s.amends !== '', 'amends', s.amends),
        ['_sd_alg', sdAlg],
        ['_sd', s.sd],
      ),
    ),
  );
  parseStructure(utf8(text), !phone);
  return text;
}

/**
 * Reads a payload strictly. The flags say what is odd and still accepted:
 * unknown_version, unknown_kind (a kind of the other side included). Throws a
 * StructureError, which means quarantine.
 */
export function parseStructure(payload: Uint8Array, office: boolean): { structure: Structure; flags: Flag[] } {
  const s = wrap(() => {
    const f = new Faults();
    const o = obj(parse(payload, { bytes: maxSize }), f);
    const s: Structure = {
      ...emptyStructure(),
      v: o.int('v'),
      id: readID(o, 'id', true),
      kind: o.string('kind'),
      case: readID(o, 'case', !office),
      visit: readID(o, 'visit', false),
      at: o.int('at'),
      actor: readID(o, 'actor', true),
      app: readWords(o, 'app', false),
      blobs: readBlobs(o, !office),
      amends: readHash(o, 'amends', false),
      sd: readDigests(o),
    };
    if (o.string('_sd_alg') !== sdAlg && o.has('_sd_alg')) o.fault('_sd_alg', 'value', 'want sha-256');
    if (!office) readJournal(o, s);
    if (o.has('v') && s.v < 1) o.fault('v', 'value', 'want 1 or more');
    if (s.id !== '' && !isV7(s.id)) o.fault('id', 'value', 'want a UUIDv7');
    if (o.kind('kind') === 'string' && !isFormedKind(s.kind)) o.fault('kind', 'value', 'not of the form of a kind');
    if (s.v === version) o.only(...(office ? officeClaims : phoneClaims));
    f.check();
    return s;
  });
  const flags: Flag[] = [];
  if (s.v !== version) flags.push('unknown_version');
  if (!(office ? isOfficeKind(s.kind) : isPhoneKind(s.kind))) flags.push('unknown_kind');
  return { structure: s, flags };
}

/** Puts what ijson throws into a StructureError. */
function wrap<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new StructureError(cause instanceof Error ? cause.message : '', { cause });
  }
}
