import { computed, type ReadonlySignal, signal } from '@preact/signals-core';
import type { Member, Policy, Template } from '../core/history/index.ts';
import { clockTolerance, type Hash, type ID, newID } from '../core/record/index.ts';
import { type KeySet, openPinnedKeySet } from '../core/seal/index.ts';
import type { Agency } from '../core/wire/index.ts';
import { type CacheRow, openVault, type SpaceRow, Store, StoreError, type Vault } from '../store/index.ts';
import type {
  App,
  AppStatus,
  Blocked,
  Cases,
  Clocks,
  Device,
  Draft,
  Drafts,
  Enrolment,
  HeldRecord,
  Lock,
  Mark,
  MemberChoice,
  OpenOptions,
  Outbox,
  OwnVisit,
  Person,
  Sealed,
  StorageReport,
  Sync,
  Unfit,
} from './app.ts';
import { Cache } from './cache.ts';
import { draftsOf } from './drafts.ts';
import { Driver } from './driver.ts';
import { EngineError } from './fault.ts';
import { acts, delivering, enrolling, holding, rescuing, sealing } from './late.ts';
import { boundWait, convert, firstPIN, otherPIN, tryPIN, waitUntil } from './lock.ts';
import { builtIn, newBoot, type Page } from './page.ts';
import { pageOrigin, platform } from './platform.ts';
import type { Ports } from './ports.ts';
import { Queue } from './queue.ts';
import { Session } from './session.ts';
import { outbox, unsent, visits } from './views.ts';
import { Watch } from './watch.ts';

/** How long content stays after it is safe: what was signed can be looked at on the phone for two weeks. */
const keepFor = 14 * 24 * 60 * 60 * 1000;

/** How often it is tried to send what an enrolment before has left. */
const deliverEvery = 60_000;

const nothing = { records: 0, blobs: 0, photos: 0, bytes: 0 };

/** Of a space: its key set, and the cache of the feed as it lies on the disk. */
interface Ahead {
  set: Promise<KeySet>;
  cached: Promise<CacheRow[]>;
}

/** A member at work, with his loop. */
interface Work {
  session: Session;
  queue: Queue;
  driver: Driver;
}

/** The facade: puts store, session, loop and signals together. One per page. */
export class Phone implements App {
  readonly #ports: Ports;
  readonly #store: Store;
  readonly #options: OpenOptions;
  readonly #page: Page;
  readonly #cache = new Cache();
  readonly #watch: Watch;
  #work: Work | undefined;
  #spaces: SpaceRow[] = [];
  /** One seal after the other. */
  #sealing: Promise<unknown> = Promise.resolve();
  #unlisten: () => void;

  #delivering = false;

  readonly #enrolment = signal<Enrolment>({ state: 'none' });
  readonly #members = signal<MemberChoice[]>([]);
  readonly #revision = signal(0);
  /** Grows when the loop moves, but nothing of the records. */
  readonly #beat = signal(0);
  readonly #agency = signal<Agency | undefined>(undefined);
  readonly #pinSet = signal(false);
  readonly #pinWait = signal(0);
  readonly #barred = signal<Blocked>('');
  readonly #fault = signal<Blocked>('');
  #marks: Partial<Record<Mark, unknown>> = {};

  private constructor(options: OpenOptions) {
    const name = options.database ?? 'tachiai';
    this.#ports = { ...platform(name), ...options.ports };
    this.#store = new Store(name, this.#ports.indexedDB);
    this.#store.watch({
      emptied: () => {
        this.#fault.value = 'store_gone';
      },
      outdated: () => {
        this.#fault.value = 'store_outdated';
      },
    });
    this.#options = options;
    this.#watch = new Watch(this.#ports, this.#store);
    this.#page = {
      boot: newBoot({ ports: this.#ports }),
      app: options.app,
      policy: options.policy ?? (() => builtIn),
      clock: () => this.#watch.clockOf(),
    };
    this.#unlisten = this.#ports.channel.listen(() => void this.#hear());
  }

  /** Opens the store and starts. Throws EngineError with store or outdated. */
  static async open(options: OpenOptions): Promise<Phone> {
    const phone = new Phone(options);
    try {
      await phone.#start();
    } catch (cause) {
      await phone.close();
      if (cause instanceof EngineError) throw cause;
      const outdated = cause instanceof StoreError && cause.code === 'outdated';
      throw new EngineError(outdated ? 'outdated' : 'store', { cause });
    }
    return phone;
  }

  async #start(): Promise<void> {
    // All at once: a person waits for the way to the database once, not five times.
    const metas = Promise.all([this.#store.meta('agency'), this.#store.meta('marks')]);
    const [[agency, marks], { current }] = await Promise.all([metas, this.#readHouse()]);
    this.#agency.value = agency as Agency | undefined;
    this.#marks = (marks ?? {}) as Partial<Record<Mark, unknown>>;
    await this.#watch.start(this.#spaces.length > 0);
    if (this.#watch.storage.value.canary === 'gone') this.#fault.value = 'store_gone';
    const space = this.#spaces.find((s) => s.id === current);
    if (space) await this.#settleIn(space);
  }

  async #readHouse(): Promise<{ current: string }> {
    const [{ spaces, current }, boxes] = await Promise.all([this.#store.house(), this.#store.outboxes()]);
    this.#spaces = spaces;
    this.#members.value = spaces.map((s) => {
      const rows = boxes.filter((r) => r.space === s.id && !r.released);
      const blobs = rows.flatMap((r) => r.blobs).filter((b) => b.receipt === '').length;
      const records = rows.filter((r) => r.state === 'unsent').length;
      const at = this.#work?.session.space.id ?? current;
      const locked = s.vault !== null && this.#work?.session.space.id !== s.id;
      return { id: s.member, name: s.name, space: s.id, current: s.id === at, locked, unsent: records + blobs };
    });
    return { current };
  }

  /** Somebody takes the phone: straight to work, or to the lock. */
  async #settleIn(row: SpaceRow): Promise<void> {
    const space = await boundWait(this.#store, row, this.#ports.now());
    this.#pinSet.value = space.vault !== null;
    this.#pinWait.value = waitUntil(space, this.#ports.now());
    const member = { id: space.member, name: space.name };
    if (space.vault) this.#enrolment.value = { state: 'locked', member };
    else await this.#begin(space, openVault);
  }

  /** Reads what work begins with and no PIN opens, beside the PIN that is tried. A fault is told when it is asked for. */
  #ahead(space: SpaceRow): Ahead {
    const set = openPinnedKeySet(space.keys, space.root);
    const cached = this.#store.cached(space.id, space.generation);
    set.catch(() => undefined);
    cached.catch(() => undefined);
    return { set, cached };
  }

  async #begin(space: SpaceRow, vault: Vault, { set, cached } = this.#ahead(space)): Promise<void> {
    const changed = () => this.#changed();
    const session = await Session.open(this.#ports, this.#store, vault, space, await set, changed);
    const { generation, cursor } = session.space;
    const isOld = generation !== space.generation || cursor !== space.cursor; // another tab has taken a page meanwhile
    const read = isOld ? undefined : await cached;
    let { origin } = session.space;
    const queue = new Queue(session, this.#options.keepFor ?? keepFor);
    const driver = new Driver(session, queue, `tachiai:${this.#options.database ?? ''}:${space.id}`, {
      changed: () => {
        this.#beat.value++;
      },
      status: () => this.#report(session),
      heard: (serverTime, asked) => this.#watch.heard(serverTime, asked),
      page: async (page) => {
        await this.#cache.take(session, page);
        if (page.agency) await this.#named(page.agency);
        this.#ports.channel.post('cache');
        if (session.space.origin === origin) return;
        origin = session.space.origin; // a restored server may have forgotten what an enrolment before has sent
        await this.#readHouse();
        void this.#deliver();
      },
      barred: (problem) => {
        this.#barred.value = problem as Blocked;
      },
      ...(this.#options.lanes && { lanes: this.#options.lanes }),
      ...(this.#options.chunk && { chunk: this.#options.chunk }),
    });
    this.#work = { session, queue, driver };
    await this.#cache.load(session, read);
    // Nobody waits for it but the first seal, whose blobs it must not take for litter.
    const swept = this.#ports.lock(`${this.#options.database ?? ''}:sweep:${space.id}`, () =>
      this.#store.sweep(space.id),
    );
    this.#sealing = Promise.allSettled([this.#sealing, swept]);
    this.#barred.value = '';
    this.#enrolment.value = { state: 'enrolled', member: { id: space.member, name: space.name } };
    this.#changed();
    await this.#readHouse();
    if (this.#options.autostart !== false) void driver.wake('start');
    void this.#deliver();
  }

  /** What this member has not sent from an enrolment before, whose PIN is forgotten, goes out unopened; tried again every minute. */
  async #deliver(): Promise<void> {
    const work = this.#work;
    if (!work || this.#delivering || this.#options.autostart === false) return;
    const { space } = work.session;
    const owing = this.#members.value.filter((m) => m.id === space.member && m.space !== space.id && m.unsent > 0);
    const before = this.#spaces.filter((s) => s.root === space.root && owing.some((m) => m.space === s.id));
    if (before.length === 0) return;
    this.#delivering = true;
    try {
      const { deliver } = await delivering();
      const name = `${this.#options.database ?? ''}:deliver:${space.id}`;
      const goesOn = () => this.#work === work;
      await this.#ports.lock(name, async () => {
        for (const one of before) await deliver(work.session, one, goesOn);
      });
    } catch {
      // no network, or a server that cannot: in a minute
    }
    this.#delivering = false;
    await this.#readHouse().catch(() => undefined); // the store tells by itself when it is gone
    if (this.#work) this.#ports.timers.set(() => void this.#deliver(), deliverEvery);
  }

  /** The server says what the agency is called; kept for starts without a network. */
  async #named(agency: Agency): Promise<void> {
    const now = this.#agency.value;
    if (now?.name === agency.name && now.contact === agency.contact) return;
    const { name, contact } = agency;
    await this.#store.putMeta('agency', contact === undefined ? { name } : { name, contact });
    this.#agency.value = agency;
  }

  async #end(): Promise<void> {
    await this.#rest();
    if (this.#work) return; // the PIN came while a request was still on its way: the cache is his again
    this.#cache.clear();
    this.#changed();
  }

  /** Work stops, and the screens keep what they show. */
  async #rest(): Promise<void> {
    const work = this.#work;
    this.#work = undefined;
    await this.#sealing.catch(() => undefined);
    await work?.driver.close();
  }

  #changed(): void {
    this.#revision.value++;
    const session = this.#work?.session;
    if (session) this.#watch.shine(session, unsent(session.entries.values()));
  }

  /** Another tab has written. */
  async #hear(): Promise<void> {
    try {
      await this.#work?.session.reload();
      if (this.#work) await this.#cache.load(this.#work.session);
    } catch {
      // the next thing that is asked of the store tells
    }
  }

  #session(): Session {
    if (this.#work) return this.#work.session;
    throw new EngineError(this.#enrolment.value.state === 'locked' ? 'locked' : 'not_enrolled');
  }

  #report(session: Session) {
    const { records, blobs } = unsent(session.entries.values());
    const { usage, quota, persisted } = this.#watch.storage.value;
    return {
      outbox: records,
      pendingBlobs: blobs,
      storage: { usage, quota, persisted },
      now: Math.round(this.#ports.now()),
    };
  }

  // Who

  get enrolment(): ReadonlySignal<Enrolment> {
    return this.#enrolment;
  }

  get members(): ReadonlySignal<MemberChoice[]> {
    return this.#members;
  }

  async enrol(linkOrCode: string, label: string): Promise<Person> {
    const publicURL = this.#options.publicURL ?? pageOrigin();
    const again = this.#work?.driver.state.fault === 'device_unknown' ? this.#work.session.key : undefined;
    const asking = { ports: this.#ports, store: this.#store, publicURL, label: this.#watch.label(label), again };
    const { enrolDevice } = await enrolling();
    const space = await enrolDevice(asking, linkOrCode);
    const open = this.#work?.session.space.id === space.id ? this.#work.session.vault : undefined;
    await this.#end();
    await this.#readHouse();
    await this.#watch.settled();
    this.#fault.value = '';
    const row = this.#spaces.find((s) => s.id === space.id) ?? space;
    if (open) await this.#begin(row, open);
    else await this.#settleIn(row);
    return { id: row.member, name: row.name };
  }

  async unfitness(): Promise<Unfit> {
    return (await enrolling()).unfitness(this.#store);
  }

  async switchTo(space: string): Promise<void> {
    await this.#readHouse();
    const row = this.#spaces.find((s) => s.id === space);
    if (!row) throw new EngineError('not_enrolled');
    await this.#end();
    await this.#store.putMeta('current', space);
    await this.#settleIn(row);
    await this.#readHouse();
  }

  readonly member = computed(() => {
    const e = this.#enrolment.value;
    return e.state === 'none' ? undefined : e.member;
  });

  readonly profile: ReadonlySignal<Member | undefined> = computed(() => {
    const id = this.member.value?.id;
    return id === undefined ? undefined : this.#cache.members.value.get(id);
  });

  get agency(): ReadonlySignal<Agency | undefined> {
    return this.#agency;
  }

  readonly device: ReadonlySignal<Device | undefined> = computed(() => {
    this.#revision.value;
    const s = this.#work?.session;
    if (!s) return undefined;
    const { root, pinned, publicURL, origin, current } = s.space;
    const { kid, certificate } = s.key;
    const former = [...s.keys.keys()].filter((k) => k !== current);
    return { kid, root, pinned, certificate, publicURL, origin, former };
  });

  // What the office sent

  readonly cases: Cases = {
    list: this.#cache.cases,
    get: (id) => this.#cache.case(id),
  };

  get templates(): ReadonlySignal<Template[]> {
    return this.#cache.templates;
  }

  get policies(): ReadonlySignal<Policy[]> {
    return this.#cache.policies;
  }

  // What happened here

  seal(draft: Draft): Promise<Sealed> {
    const turn = this.#sealing.then(
      () => this.#seal(draft),
      () => this.#seal(draft),
    );
    this.#sealing = turn;
    return turn;
  }

  async #seal(draft: Draft): Promise<Sealed> {
    const session = this.#session();
    const { sealDraft } = await sealing();
    const sealed = await sealDraft(session, this.#page, draft);
    this.#ports.channel.post('sealed');
    void this.#work?.driver.wake('sealed');
    return sealed;
  }

  get revision(): ReadonlySignal<number> {
    return this.#revision;
  }

  visit(visit: ID): Promise<HeldRecord[]> {
    return this.#records((facts) => facts.visit === visit);
  }

  recordsOf(caseID: ID): Promise<HeldRecord[]> {
    return this.#records((facts) => facts.case === caseID && facts.visit === '');
  }

  async #records(wanted: (facts: { case: ID; visit: ID | '' }) => boolean): Promise<HeldRecord[]> {
    const work = this.#work;
    if (!work) return [];
    const { held } = await holding();
    const entries = [...work.session.entries.values()].filter((e) => wanted(e.facts));
    return Promise.all(entries.map((e) => held(work.session, work.queue, e)));
  }

  async record(hash: Hash): Promise<HeldRecord | undefined> {
    const work = this.#work;
    const entry = work?.session.entries.get(hash);
    return work && entry && (await holding()).held(work.session, work.queue, entry);
  }

  readonly visits: ReadonlySignal<OwnVisit[]> = computed(() => {
    this.#revision.value;
    return this.#work ? visits(this.#work.session) : [];
  });

  async blob(sha256: string): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const session = this.#session();
      return await (await acts()).readBlob(session, sha256);
    } catch (cause) {
      if (!(cause instanceof StoreError)) throw cause;
      const code = cause.code === 'missing' ? 'gone' : cause.code === 'damaged' ? 'damaged' : 'store';
      throw new EngineError(code, { cause });
    }
  }

  readonly drafts: Drafts = draftsOf(() => this.#session());

  // Between here and the server

  readonly outbox: ReadonlySignal<Outbox> = computed(() => {
    this.#revision.value;
    const work = this.#work;
    return work ? outbox(work.session, work.queue) : { items: [], unsent: nothing, attention: 0 };
  });

  readonly status: ReadonlySignal<AppStatus> = computed(() => {
    this.#revision.value;
    this.#beat.value;
    const work = this.#work;
    const state = work?.driver.state;
    return {
      online: this.#ports.online(),
      activity: activityOf(state),
      retryAt: state?.phase === 'waiting' || state?.phase === 'blocked' ? (work?.driver.dueAt ?? 0) : 0,
      problem: state?.fault ?? '',
      blocked: this.#fault.value || (state?.phase === 'blocked' ? blockedBy(state.fault) : this.#barred.value),
      lastReceivedAt: work?.session.space.lastReceivedAt ?? 0,
      lastContactAt: this.#watch.contact.value,
      unsent: work ? unsent(work.session.entries.values()) : nothing,
    };
  });

  readonly sync: Sync = {
    kick: async () => {
      await this.#work?.driver.wake('kick');
    },
    rest: async () => {
      await this.#work?.driver.rest();
    },
    pause: () => this.#work?.driver.pause(),
    resume: () => this.#work?.driver.resume(),
    originalsOnWifi: computed(() => {
      this.#revision.value;
      return this.#work?.session.space.originalsOnWifi ?? false;
    }),
    setOriginalsOnWifi: async (on) => {
      await this.#session().changeSpace({ originalsOnWifi: on });
      void this.#work?.driver.wake('visible');
    },
    wake: (reason) => {
      this.#beat.value++;
      void this.#work?.driver.wake(reason);
    },
  };

  get storage(): ReadonlySignal<StorageReport> {
    return this.#watch.storage;
  }

  persist(): Promise<StorageReport> {
    return this.#watch.persist();
  }

  readonly clock: ReadonlySignal<Clocks> = computed(() => {
    const c = this.#watch.clock.value;
    const wrong = c !== undefined && Math.abs(c.offsetMS) > clockTolerance;
    return { offsetMS: c?.offsetMS, measuredAt: c?.at, wrong };
  });

  readonly lock: Lock = {
    set: this.#pinSet,
    locked: computed(() => this.#enrolment.value.state === 'locked'),
    waitUntil: this.#pinWait,
    setPIN: (pin, old) => this.#setPIN(pin, old),
    unlock: async (pin) => {
      const { space } = await this.#lockedSpace();
      const ahead = this.#ahead(space);
      const vault = await this.#try(space, () => tryPIN(this.#ports, this.#store, space, pin));
      await convert(this.#store, space.id, vault).catch(() => undefined); // no room: what is open stays readable, and the next unlock goes on
      if (!this.#work) await this.#begin(space, vault, ahead);
    },
    check: async (pin) => {
      const { space } = await this.#lockedSpace();
      try {
        await this.#try(space, () => tryPIN(this.#ports, this.#store, space, pin));
        return true;
      } catch (error) {
        if (error instanceof EngineError && error.code === 'pin_wrong') return false;
        throw error;
      }
    },
    lock: () => {
      const work = this.#work;
      if (!work?.session.space.vault) return;
      this.#enrolment.value = {
        state: 'locked',
        member: { id: work.session.space.member, name: work.session.space.name },
      };
      void this.#end().then(() => this.#readHouse());
    },
  };

  /** The space of whoever works or stands before the lock, as it lies on the disk. */
  async #lockedSpace(): Promise<{ space: SpaceRow }> {
    const { current } = await this.#readHouse();
    const id = this.#work?.session.space.id ?? current;
    const space = this.#spaces.find((s) => s.id === id);
    if (!space) throw new EngineError('not_enrolled');
    return { space };
  }

  async #try<T>(space: SpaceRow, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      await this.#readHouse();
      const now = this.#spaces.find((s) => s.id === space.id);
      this.#pinWait.value = now ? waitUntil(now, this.#ports.now()) : 0;
    }
  }

  async #setPIN(pin: string, old?: string): Promise<void> {
    const { space, set } = this.#session();
    const row = (await this.#lockedSpace()).space;
    if (row.vault) {
      await this.#try(row, () => otherPIN(this.#ports, this.#store, row, pin, old ?? ''));
      return;
    }
    await this.#rest(); // nothing writes in the open while the vault closes; the same person goes on in a moment
    let vault: Vault;
    try {
      vault = await firstPIN(this.#ports, this.#store, row, pin, set.rescue, this.#options.pinRounds);
    } catch (fault) {
      await this.#begin(row, openVault); // no PIN, and he goes on
      throw fault;
    }
    await convert(this.#store, space.id, vault).catch(() => undefined); // no room: the next unlock goes on with it
    await this.#readHouse();
    this.#pinSet.value = true;
    const closed = this.#spaces.find((s) => s.id === space.id);
    if (closed) await this.#begin(closed, vault);
  }

  async *rescue(space?: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const { current } = await this.#readHouse();
    const id = space ?? this.#work?.session.space.id ?? current;
    const row = this.#spaces.find((s) => s.id === id);
    if (!row) throw new EngineError('not_enrolled');
    const session = this.#work?.session;
    const vault = session?.space.id === id ? session.vault : row.vault ? undefined : openVault;
    const { rescueFile } = await rescuing();
    yield* rescueFile(this.#ports, this.#store, row, vault);
  }

  mark(name: Mark): unknown {
    return this.#marks[name];
  }

  async remember(name: Mark, value: unknown): Promise<void> {
    this.#marks = { ...this.#marks, [name]: value };
    await this.#store.putMeta('marks', this.#marks);
  }

  newID(): ID {
    return newID(Math.round(this.#ports.now()), this.#ports.random);
  }

  now(): number {
    return Math.round(this.#ports.now());
  }

  async close(): Promise<void> {
    this.#unlisten();
    await this.#end();
    await this.#store.close();
  }
}

function activityOf(state: Driver['state'] | undefined): AppStatus['activity'] {
  switch (state?.phase) {
    case 'working':
      return state.activity === 'feed' || state.activity === 'keys' ? 'receiving' : 'sending';
    case 'waiting':
      return 'waiting';
    case 'paused':
      return 'paused';
    default:
      return 'idle';
  }
}

const blocks: readonly string[] = ['device_unknown', 'device_revoked', 'member_removed', 'root_changed', 'quota'];

function blockedBy(fault: string): Blocked {
  return blocks.includes(fault) ? (fault as Blocked) : 'store_failed';
}
