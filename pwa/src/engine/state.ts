/**
 * The sync loop as a pure machine: what it does next, given where it stands and
 * what has just happened. The table is total: a phase or an event that is added
 * and not thought about does not compile. SPEC.md says it in prose; driver.ts
 * does what it says. No clock, no network, no store: ms are durations, and
 * chance is an argument.
 */

/** What the loop can do, one at a time. */
export type Activity =
  | 'keys' // fetch the key set
  | 'enrol' // make a succeeding key known
  | 'push' // records, and the check-in that goes with each wake-up
  | 'confirm' // ask for receipts whose answers were lost
  | 'blobs' // and pages of the feed beside them
  | 'feed' // alone
  | 'release'; // let go of what is safe

/** What there is to do, counted by the driver; items that wait for their own second try are not in it. */
export interface Work {
  unenrolled: number;
  records: number;
  confirm: number;
  blobs: number;
  release: number;
  /** ms until the first item's own second try; undefined: none waits. */
  nextTry: number | undefined;
}

/** What an activity came to. */
export interface Done {
  activity: Activity;
  work: Work;
}

export type Wake = 'start' | 'online' | 'visible' | 'background' | 'timer' | 'sealed' | 'kick';

export type Event =
  | { type: 'woken'; by: Wake }
  | ({ type: 'done' } & Done)
  /** A page of the feed is here. more: there is another one. */
  | { type: 'page'; more: boolean }
  /** Nothing can be said about what the server did. wait: what it asked for, ms. */
  | { type: 'failed'; wait: number; fault: string }
  /** A token names a key that is not in the set. */
  | { type: 'keysWanted' }
  /** A person has to do something. */
  | { type: 'refused'; fault: string }
  | { type: 'pause' }
  | { type: 'resume' }
  /** Another tab is at it. */
  | { type: 'elsewhere' };

export type PhaseName = 'idle' | 'working' | 'waiting' | 'blocked' | 'paused' | 'elsewhere';

export interface State {
  phase: PhaseName;
  /** Of working. */
  activity: Activity | undefined;
  /** Something woke it: a push is due even when nothing is unsent, to hear where the server stands. */
  checkIn: boolean;
  /** A page of the feed is due. */
  feed: boolean;
  /** The key set is to be fetched. */
  keys: boolean;
  /** Failures in a row. */
  failures: number;
  /** Key sets fetched in a row without anything done between: a server that contradicts itself is not asked for ever. */
  rekeyed: number;
  /** ms until the timer, undefined: none. */
  timer: number | undefined;
  /** Of the last failure or refusal, "" after success. */
  fault: string;
}

export const initial: State = {
  phase: 'idle',
  activity: undefined,
  checkIn: false,
  feed: false,
  keys: false,
  failures: 0,
  rekeyed: 0,
  timer: undefined,
  fault: '',
};

/** Bounds of the waiting between failures, ms. */
export const firstWait = 2_000;
export const longestWait = 5 * 60_000;
/** An app that is open asks this often whether there is anything new. */
export const pollEvery = 60_000;
/** What needs a person is tried again all the same: servers are repaired too. */
export const blockedEvery = 10 * 60_000;

/** The wait after so many failures: doubled each time, up to the longest, less up to half by chance (0 ≤ chance < 1); never less than the server asked for. */
export function backoff(failures: number, wait: number, chance: number): number {
  const full = Math.min(longestWait, firstWait * 2 ** Math.min(failures - 1, 30));
  return Math.max(wait, Math.round(full * (1 - chance / 2)));
}

/**
 * The first thing in the order of the protocol: records, then blobs (docs/protocol.md §8). However often somebody wakes the loop, blobs have their
 * turn: a push is not due again until it has ended, and they come next.
 */
export function choose(s: State, w: Work): Activity | undefined {
  if (s.keys) return 'keys';
  if (w.unenrolled > 0) return 'enrol';
  if (w.records > 0) return 'push';
  if (s.checkIn) return 'push';
  if (w.confirm > 0) return 'confirm';
  if (w.blobs > 0) return 'blobs';
  if (s.feed) return 'feed';
  if (w.release > 0) return 'release';
  return undefined;
}

/** One step. work is what there is now; chance as for backoff. */
export function step(s: State, e: Event, work: Work, chance: number): State {
  const row: Row = table[s.phase];
  return (row[e.type] as Cell<Event['type']>)(s, e, work, chance);
}

type Cell<T extends Event['type']> = (s: State, e: Extract<Event, { type: T }>, w: Work, chance: number) => State;
type Row = { [T in Event['type']]: Cell<T> };

const same = (s: State): State => s;

/** Goes on with what is first, or comes to rest. */
function next(s: State, w: Work): State {
  const activity = choose(s, w);
  if (activity) return { ...s, phase: 'working', activity, timer: undefined };
  return { ...s, phase: 'idle', activity: undefined, timer: Math.min(pollEvery, w.nextTry ?? pollEvery) };
}

/** Notes what a wake-up makes due. A seal makes nothing due but what it brought. */
function due(s: State, by: Wake): State {
  return by === 'sealed' ? s : { ...s, checkIn: true, feed: true };
}

const wake: Cell<'woken'> = (s, e, w) => next(due(s, e.by), w);

/** A wake-up during a wait. The network is back, or a person looks: at once. A seal waits with the others. */
const hurry: Cell<'woken'> = (s, e, w) => {
  if (e.by === 'sealed') return s;
  const woken = due(s, e.by);
  return next(e.by === 'online' ? { ...woken, failures: 0 } : woken, w);
};

const pause: Cell<'pause'> = (s) => ({ ...s, phase: 'paused', activity: undefined, timer: undefined });

const elsewhere: Cell<'elsewhere'> = (s) => ({ ...s, phase: 'elsewhere', activity: undefined, timer: pollEvery });

const finish: Cell<'done'> = (s, e) => {
  const after = { ...s, failures: 0, fault: '' };
  if (e.activity === 'keys') after.keys = false;
  else after.rekeyed = 0;
  if (e.activity === 'push') after.checkIn = false;
  return next(after, e.work);
};

const fail: Cell<'failed'> = (s, e, _w, chance) => {
  const failures = s.failures + 1;
  const timer = backoff(failures, e.wait, chance);
  return { ...s, phase: 'waiting', activity: undefined, failures, timer, fault: e.fault };
};

const rekey: Cell<'keysWanted'> = (s, _e, w, chance) => {
  if (s.rekeyed >= 2) {
    return fail({ ...s, rekeyed: 0 }, { type: 'failed', wait: longestWait, fault: 'keys' }, w, chance);
  }
  return next({ ...s, keys: true, rekeyed: s.rekeyed + 1 }, w);
};

const refuse: Cell<'refused'> = (s, e) => ({
  ...s,
  phase: 'blocked',
  activity: undefined,
  timer: blockedEvery,
  fault: e.fault,
});

const page: Cell<'page'> = (s, e) => ({ ...s, feed: e.more });

/** What an activity has learnt that ends although the loop has left it (paused meanwhile). */
const noteKeys: Cell<'keysWanted'> = (s) => ({ ...s, keys: true });

const table: { [P in PhaseName]: Row } = {
  idle: {
    woken: wake,
    done: same,
    page,
    failed: fail,
    keysWanted: rekey,
    refused: refuse,
    pause,
    resume: same,
    elsewhere,
  },
  working: {
    woken: (s, e) => due(s, e.by), // the activity goes on; what is new is seen when it ends
    done: finish,
    page,
    failed: fail,
    keysWanted: rekey,
    refused: refuse,
    pause,
    resume: same,
    elsewhere,
  },
  waiting: {
    woken: hurry,
    done: same,
    page,
    failed: same,
    keysWanted: noteKeys,
    refused: refuse,
    pause,
    resume: same,
    elsewhere: same,
  },
  blocked: {
    woken: hurry,
    done: same,
    page,
    failed: same,
    keysWanted: noteKeys,
    refused: refuse,
    pause,
    resume: same,
    elsewhere: same,
  },
  paused: {
    woken: (s, e) => due(s, e.by),
    done: same,
    page,
    failed: same,
    keysWanted: noteKeys,
    refused: (s, e) => ({ ...s, fault: e.fault }),
    pause: same,
    resume: (s, _e, w) => next(due(s, 'kick'), w),
    elsewhere: same,
  },
  elsewhere: {
    woken: wake,
    done: same,
    page,
    failed: same,
    keysWanted: noteKeys,
    refused: same,
    pause,
    resume: same,
    elsewhere,
  },
};
