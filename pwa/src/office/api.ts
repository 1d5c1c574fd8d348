import type { Case, Disclosure, Visit } from '../core/history/index.ts';
import type { Flag, Hash, ID, KeyID, Role, Tree } from '../core/record/index.ts';
import { act, bytes, read } from './http.ts';

/** The office's API (docs/protocol.md §10), request by request. Times are ms. Everything throws a Refusal. */

export interface Member {
  id: ID;
  name: string;
  roles: Role[];
  active: boolean;
}

export interface Session {
  member: Pick<Member, 'id' | 'name' | 'roles'>;
  expires_at: number;
}

/** What a phone said of itself with its last push. */
export interface Status {
  outbox: number;
  pending_blobs: number;
  storage: { usage: number; quota: number; persisted: boolean };
  now: number;
}

export interface Device {
  kid: KeyID;
  member: ID;
  label: string;
  certificate: string;
  enrolled_at: number;
  revoked_at?: number;
  status?: Status;
  reported_at?: number;
  /** Highest gap-free seq that is here. */
  head: number;
  /** Highest seq that is known to have been sealed. */
  made?: number;
  /** Blobs that its records name and that are not here. */
  missing_blobs?: number;
}

export interface InboxVisit {
  case: ID;
  visit: ID;
  number: string;
  worker_name: string;
  client: string;
  item: string;
  actor: ID;
  outcome?: string;
  started_at: number;
  ended_at?: number;
  flags: number;
  complete: boolean;
  review?: string;
  practice?: boolean;
  late?: boolean;
}

export interface Inbox {
  visits: InboxVisit[];
  quarantine: number;
  approvals: number;
  /** There are more than these. */
  cursor?: string;
}

export interface CaseRow {
  id: ID;
  number: string;
  title: string;
  worker_name: string;
  worker_kana: string;
  client: string;
  item: string;
  state: string;
  practice: boolean;
  due_on: string;
  assignees: ID[];
  flags: number;
  visits: number;
  last_at: number;
  /** ms: when a visit was to end whose end is not here. */
  overdue?: number;
}

export interface CasePage {
  cases: CaseRow[];
  cursor?: string;
}

/** Values by field name of case.opened. */
export type Facts = Record<string, Tree>;

export interface HeldBlob {
  id: string;
  role: string;
  sha256: string;
  size: number;
  type: string;
  of: string | null;
  stored: boolean;
}

/** A record as the server holds it; nothing of it is verified yet. */
export interface Held {
  record: string;
  receipt: string;
  index: number;
  received_at: number;
  flags: Flag[] | null;
  blobs: HeldBlob[] | null;
}

export interface VisitAnswer {
  case: Case;
  visit: Visit;
  records: Held[];
}

export type Decision = 'approved' | 'returned' | 'held';

export interface QuarantineItem {
  sha256: string;
  size: number;
  code: string;
  kid?: KeyID;
  pusher?: KeyID;
  member?: ID;
  received_at: number;
  decision?: '' | 'released' | 'rejected';
}

export interface Link {
  issued_at: number;
  expires_at: number;
  views_left: number;
  wrong: number;
  paused_until?: number;
  locked: boolean;
}

/** What a recipient did. */
export interface DisclosureEvent {
  kind: string;
  at: number;
  index: number;
  session?: string;
  name?: string;
  department?: string;
  question?: string;
}

/** A disclosure; the last four only when it is asked for alone. */
export interface DisclosureRow extends Disclosure {
  number: string;
  worker_name: string;
  link?: Link;
  purpose?: string;
  photos?: { record: Hash; id: string }[];
  document?: { sha256: string; size: number };
  events?: DisclosureEvent[];
  /** Code of a problem: why nobody is shown it any more, though nobody took it back. */
  stopped?: string;
}

export interface DisclosurePage {
  disclosures: DisclosureRow[];
  /** Of the page behind; absent at the end. */
  cursor?: string;
}

export interface Preparation {
  /** The page's own: the same again is the same disclosure. */
  id: ID;
  documents: Hash[];
  photos: { record: Hash; id: string }[];
  recipient: { name: string; organisation: string; department?: string; mail?: string };
  purpose?: string;
  days?: number;
  sessions?: number;
}

export interface IssuedLink {
  link: string;
  passcode: string;
  expires_at: number;
}

export interface IssuedCode {
  code: string;
  link: string;
  expires_at: number;
}

const q = encodeURIComponent;

export const session = {
  read: () => read<Session>('session'),
  open: (code: string) => act<Session>('POST', 'session', { code }),
  close: () => act('DELETE', 'session'),
};

export const members = {
  list: async () => (await read<{ members: Member[] | null }>('members')).members ?? [],
  add: (name: string, roles: Role[]) => act<{ id: ID }>('POST', 'members', { name, roles }),
  change: (id: ID, to: { name?: string; roles?: Role[]; active?: boolean }) => act('POST', `members/${q(id)}`, to),
  code: (id: ID, purpose: 'phone' | 'office') => act<IssuedCode>('POST', `members/${q(id)}/code`, { for: purpose }),
};

export const devices = {
  list: async () => (await read<{ devices: Device[] | null }>('devices')).devices ?? [],
  revoke: (kid: KeyID, reason: string) => act('POST', `devices/${q(kid)}/revoke`, { reason }),
};

export const inbox = {
  read: async (): Promise<Inbox> => {
    const answer = await read<Omit<Inbox, 'visits'> & { visits: InboxVisit[] | null }>('inbox');
    return { ...answer, visits: answer.visits ?? [] };
  },
};

export interface CaseQuery {
  q?: string;
  state?: string;
  cursor?: string;
  limit?: number;
}

const casePath = (id: ID) => `cases/${q(id)}`;

export const cases = {
  list: async (query: CaseQuery): Promise<CasePage> => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value) params.set(name, String(value));
    const answer = await read<{ cases: CaseRow[] | null; cursor?: string }>(`cases?${params}`);
    return { ...answer, cases: answer.cases ?? [] };
  },
  open: (facts: Facts, assignees: ID[]) => act<{ id: ID }>('POST', 'cases', { facts, members: assignees }),
  read: (id: ID) => read<{ case: Case; disclosures: Disclosure[] | null }>(casePath(id)),
  assign: (id: ID, assignees: ID[], reason?: string) =>
    act('POST', `${casePath(id)}/assign`, { members: assignees, ...(reason ? { reason } : {}) }),
  change: (id: ID, facts: Facts) => act('POST', `${casePath(id)}/change`, { facts }),
  void: (id: ID, reason: string) => act('POST', `${casePath(id)}/void`, { reason }),
  answer: (id: ID, record: Hash, flag: string, answer: string) =>
    act('POST', `${casePath(id)}/answer`, { record, flag, answer }),
};

export const visits = {
  read: (id: ID, visit: ID) => read<VisitAnswer>(`${casePath(id)}/visits/${q(visit)}`),
  review: (id: ID, visit: ID, decision: Decision, records: Hash[], reason?: string) =>
    act('POST', `${casePath(id)}/visits/${q(visit)}/review`, { decision, records, ...(reason ? { reason } : {}) }),
};

export const records = {
  read: (hash: Hash) => read<Held>(`records/${q(hash)}`),
  blobPath: (hash: Hash, sha256: string) => `records/${q(hash)}/blobs/${q(sha256)}`,
  blob: (hash: Hash, sha256: string) => bytes(records.blobPath(hash, sha256)),
  documentPath: (hash: Hash) => `records/${q(hash)}/document`,
};

export const templates = {
  /** The JSON of a form that the agency has published. */
  body: (id: string, version: number) => bytes(`templates/${q(id)}/${version}`),
};

export const quarantine = {
  list: async () => (await read<{ items: QuarantineItem[] | null }>('quarantine')).items ?? [],
  read: (sha256: string) => read<QuarantineItem & { text: string }>(`quarantine/${q(sha256)}`),
  release: (sha256: string, reason: string) =>
    act<{ hash: Hash; index: number }>('POST', `quarantine/${q(sha256)}/release`, reason ? { reason } : {}),
  reject: (sha256: string, reason: string) => act('POST', `quarantine/${q(sha256)}/reject`, { reason }),
};

const disclosurePath = (id: ID) => `disclosures/${q(id)}`;

export const disclosures = {
  /** A page of them, the newest first; with the first one come all that wait for approval. */
  list: async (cursor: string): Promise<DisclosurePage> => {
    const answer = await read<{ disclosures: DisclosureRow[] | null; cursor?: string }>(
      `disclosures${cursor ? `?cursor=${q(cursor)}` : ''}`,
    );
    return { ...answer, disclosures: answer.disclosures ?? [] };
  },
  read: (id: ID) => read<DisclosureRow>(disclosurePath(id)),
  prepare: (id: ID, preparation: Preparation) => act<{ id: ID }>('POST', `${casePath(id)}/disclosures`, preparation),
  approve: (ids: ID[], decision: 'approved' | 'refused', reason?: string) =>
    act('POST', 'disclosures/approve', { disclosures: ids, decision, ...(reason ? { reason } : {}) }),
  link: (id: ID) => act<IssuedLink>('POST', `${disclosurePath(id)}/link`),
  unlock: (id: ID) => act('POST', `${disclosurePath(id)}/unlock`),
  revoke: (id: ID, reason: string) => act('POST', `${disclosurePath(id)}/revoke`, { reason }),
  documentPath: (id: ID) => `${disclosurePath(id)}/document`,
};

/** What is open to everyone: keys and the ledger. */
export const site = {
  keys: () => bytes('/keys'),
  checkpoint: () => bytes('/checkpoint'),
  inclusion: (index: number, size: number) => bytes(`/ledger/v1/inclusion?index=${index}&size=${size}`),
  consistency: (from: number, to: number) => bytes(`/ledger/v1/consistency?from=${from}&to=${to}`),
};
