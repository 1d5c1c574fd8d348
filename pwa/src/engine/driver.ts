import type { Status } from '../core/wire/index.ts';
import { NetError, Pace } from '../net/index.ts';
import { StoreError } from '../store/index.ts';
import { KeysWanted, Refused } from './fault.ts';
import type { Page } from './feed.ts';
import { acts } from './late.ts';
import type { Queue } from './queue.ts';
import type { Session } from './session.ts';
import { type Activity, type Event, initial, type State, step, type Wake, type Work } from './state.ts';
import type { Round } from './uploads.ts';

type Acts = Awaited<ReturnType<typeof acts>>;

/** What the loop tells and asks. */
export interface Outside {
  /** The state, or what it says of itself, has changed. */
  changed(): void;
  status(): Status;
  /** An answer came: the server's clock, and ours when it was asked. */
  heard(serverTime: number, asked: number): void;
  page(page: Page): Promise<void>;
  /** No cases any more, but records still leave: device_revoked or member_removed; "" otherwise. */
  barred(problem: string): void;
  lanes?: number;
  /** Bytes of the first chunk. */
  chunk?: number;
}

/**
 * Runs the machine of state.ts for one session: does its activities one after the
 * other under the lock that only one tab holds, and sets its timer. It ends when
 * it is closed; what it was doing then is as good as a crash.
 */
export class Driver {
  state: State = initial;
  readonly #session: Session;
  readonly #queue: Queue;
  readonly #outside: Outside;
  readonly #pace: Pace;
  readonly #lock: string;
  #timer: unknown;
  #running: Promise<void> | undefined;
  #abort = new AbortController();
  #closed = false;
  /** Wake-ups so far. */
  #wakes = 0;
  /** Wall clock of the timer, for people; 0: none. */
  dueAt = 0;

  constructor(session: Session, queue: Queue, lock: string, outside: Outside) {
    this.#session = session;
    this.#queue = queue;
    this.#lock = lock;
    this.#outside = outside;
    this.#pace = new Pace(() => session.ports.mono(), outside.chunk);
  }

  /** Wakes the loop. Resolves when it has come to rest. */
  async wake(by: Wake): Promise<void> {
    if (by === 'kick') this.#queue.hurry();
    this.#wakes++;
    this.#dispatch({ type: 'woken', by });
    await this.rest();
  }

  pause(): void {
    this.#dispatch({ type: 'pause' });
    this.#abort.abort(); // half a chunk is not worth waiting for
    this.#abort = new AbortController();
  }

  resume(): void {
    this.#dispatch({ type: 'resume' });
  }

  /** Resolves when nothing is under way. */
  async rest(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#session.ports.timers.clear(this.#timer);
    this.#abort.abort();
    await this.rest();
  }

  #dispatch(event: Event): void {
    if (this.#closed) return;
    const { ports } = this.#session;
    const chance = (ports.random(new Uint8Array(1))[0] ?? 0) / 256;
    const work: Work = 'work' in event ? event.work : this.#queue.work();
    this.state = step(this.state, event, work, chance);
    ports.timers.clear(this.#timer);
    const { timer } = this.state;
    this.dueAt = timer === undefined ? 0 : ports.now() + timer;
    if (timer !== undefined) this.#timer = ports.timers.set(() => void this.wake('timer'), timer);
    this.#outside.changed();
    if (this.state.phase === 'working' && !this.#running) {
      this.#running = this.#run().finally(() => {
        this.#running = undefined;
        // Woken between the last look and here.
        if (this.state.phase === 'working' && !this.#closed) this.#dispatch({ type: 'woken', by: 'sealed' });
      });
    }
  }

  async #run(): Promise<void> {
    const { ports } = this.#session;
    const mine = async () => {
      try {
        await this.#session.reload(); // as the tab before has left it
      } catch (error) {
        this.#dispatch(eventOf(error));
      }
      while (this.state.phase === 'working' && this.state.activity && !this.#closed) {
        this.#dispatch(await this.#perform(this.state.activity));
      }
      return true;
    };
    const held = await ports.lock(this.#lock, mine).catch((error: unknown) => {
      this.#dispatch(eventOf(error));
      return true;
    });
    if (held === undefined) this.#dispatch({ type: 'elsewhere' });
  }

  async #perform(activity: Activity): Promise<Event> {
    try {
      await this.#do(activity);
      return { type: 'done', activity, work: this.#queue.work() };
    } catch (error) {
      return eventOf(error);
    }
  }

  async #do(activity: Activity): Promise<void> {
    const [s, q] = [this.#session, this.#queue];
    const act = await acts();
    switch (activity) {
      case 'keys':
        return act.rekey(s);
      case 'enrol':
        return act.enrolSuccessors(s);
      case 'push':
        return act.pushRecords(s, q, this.#outside.status, this.#outside.heard);
      case 'confirm':
        return act.confirmBlobs(s, q);
      case 'blobs':
      case 'feed':
        return this.#exchange(act);
      case 'release':
        return act.release(s, q);
    }
  }

  /** Blobs go while pages of the feed come: the line carries both at once. When one of them fails, the other ends with what is on its way. */
  async #exchange(act: Acts): Promise<void> {
    let failed = false;
    const lanes = this.#outside.lanes ?? act.lanes;
    const round = this.#round(lanes, () => !failed);
    const watch = <T>(work: Promise<T>) =>
      work.catch((error: unknown) => {
        failed = true;
        throw error;
      });
    const pages = watch(this.#pages(act, round));
    if (lanes === 1) await pages; // one thing at a time
    const both = [pages, watch(act.sendBlobs(this.#session, this.#queue, round))];
    for (const end of await Promise.allSettled(both)) if (end.status === 'rejected') throw end.reason;
  }

  /** Takes the pages that are due; one in any case, so that who is woken all the time hears something. */
  async #pages(act: Acts, round: Round): Promise<void> {
    if (!this.state.feed) return;
    do {
      const more = await this.#page(act);
      this.#dispatch({ type: 'page', more });
    } while (this.state.feed && round.more());
  }

  /** Takes one page. Reports whether there is another one. */
  async #page(act: Acts): Promise<boolean> {
    try {
      const page = await act.takePage(this.#session, this.#outside.heard);
      this.#outside.barred('');
      await this.#outside.page(page);
      return page.more;
    } catch (error) {
      if (!(error instanceof NetError) || !isBar(error.problemCode)) throw error;
      this.#outside.barred(error.problemCode);
      return false;
    }
  }

  /** A round of blobs, which ends early when something woke the loop, or when it may not go on. */
  #round(lanes: number, may: () => boolean): Round {
    const before = this.#wakes;
    const more = () =>
      may() &&
      this.state.phase === 'working' &&
      !this.#closed &&
      this.#wakes === before &&
      this.#queue.records().length === 0;
    return { pace: this.#pace, lanes, more, signal: this.#abort.signal };
  }
}

function isBar(problem: string): boolean {
  return problem === 'device_revoked' || problem === 'member_removed';
}

/** What a fault means to the machine. */
function eventOf(error: unknown): Event {
  if (error instanceof KeysWanted) return { type: 'keysWanted' };
  if (error instanceof Refused) return { type: 'refused', fault: error.fault };
  if (error instanceof StoreError) {
    return { type: 'refused', fault: error.code === 'quota' ? 'quota' : 'store_failed' };
  }
  if (!(error instanceof NetError)) return { type: 'failed', wait: 0, fault: 'internal' };
  if (error.problemCode === 'device_unknown') return { type: 'refused', fault: 'device_unknown' };
  return { type: 'failed', wait: error.problem?.retryAfter ?? 0, fault: error.problemCode || error.code };
}
