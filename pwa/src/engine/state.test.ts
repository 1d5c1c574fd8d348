import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Activity,
  backoff,
  choose,
  type Event,
  firstWait,
  initial,
  longestWait,
  pollEvery,
  type State,
  step,
  type Wake,
  type Work,
} from './state.ts';

const nothing: Work = {
  unenrolled: 0,
  records: 0,
  confirm: 0,
  blobs: 0,
  release: 0,
  nextTry: undefined,
};

const activities: Activity[] = ['keys', 'enrol', 'push', 'confirm', 'blobs', 'feed', 'release'];
const wakes: Wake[] = ['start', 'online', 'visible', 'background', 'timer', 'sealed', 'kick'];

const count = fc.nat(2);
const work: fc.Arbitrary<Work> = fc.record({
  unenrolled: count,
  records: count,
  confirm: count,
  blobs: count,
  release: count,
  nextTry: fc.option(fc.integer({ min: 1, max: longestWait }), { nil: undefined }),
});
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ type: fc.constant('woken' as const), by: fc.constantFrom(...wakes) }),
  fc.record({ type: fc.constant('done' as const), activity: fc.constantFrom(...activities), work }),
  fc.record({ type: fc.constant('page' as const), more: fc.boolean() }),
  fc.record({ type: fc.constant('failed' as const), wait: fc.nat(60_000), fault: fc.constant('offline') }),
  fc.record({ type: fc.constant('keysWanted' as const) }),
  fc.record({ type: fc.constant('refused' as const), fault: fc.constant('device_unknown') }),
  fc.record({ type: fc.constant('pause' as const) }),
  fc.record({ type: fc.constant('resume' as const) }),
  fc.record({ type: fc.constant('elsewhere' as const) }),
);

function run(events: readonly [Event, Work][]): State {
  return events.reduce((s, [e, w]) => step(s, e, 'work' in e ? e.work : w, 0.5), initial);
}

describe('the machine', () => {
  test('never comes to a rest from which only a person could wake it, but for the pause', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, work), { maxLength: 40 }), (events) => {
        const s = run([[{ type: 'woken', by: 'start' }, nothing], ...events]);
        if (s.phase === 'working') expect(s.activity).toBeDefined();
        else expect(s.activity).toBeUndefined();
        if (s.phase !== 'working' && s.phase !== 'paused') expect(s.timer).toBeGreaterThan(0);
        if (s.timer !== undefined) expect(s.timer).toBeLessThanOrEqual(10 * 60_000);
      }),
    );
  });

  test('from anywhere, a resume, a wake-up and activities that succeed drain all work', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, work), { maxLength: 30 }), work, (events, left) => {
        let s = step(run(events), { type: 'resume' }, left, 0);
        s = step(s, { type: 'woken', by: 'online' }, left, 0);
        const w = { ...left };
        for (let i = 0; i < 40 && s.phase === 'working'; i++) {
          const { activity } = s;
          if (activity === 'enrol') w.unenrolled = 0;
          else if (activity === 'push') w.records = 0;
          else if (activity && activity in w) w[activity as 'confirm'] = 0;
          if (activity === 'feed' || activity === 'blobs') s = step(s, { type: 'page', more: false }, w, 0);
          s = step(s, { type: 'done', activity: activity ?? 'push', work: w }, w, 0);
        }
        expect(s).toMatchObject({ phase: 'idle', checkIn: false, feed: false, keys: false, fault: '', failures: 0 });
        expect({ ...w, nextTry: undefined }).toEqual(nothing);
      }),
    );
  });

  test('records, blobs, feed: in that order', () => {
    const all = { ...nothing, records: 1, confirm: 1, blobs: 1, release: 1, unenrolled: 1 };
    const order: (Activity | undefined)[] = [];
    let s: State = { ...initial, keys: true, checkIn: true, feed: true };
    const w: Work = { ...all };
    for (;;) {
      const a = choose(s, w);
      order.push(a);
      if (a === undefined) break;
      if (a === 'keys') s = { ...s, keys: false };
      else if (a === 'feed') s = { ...s, feed: false };
      else if (a === 'push') [s, w.records] = [{ ...s, checkIn: false }, 0];
      else if (a === 'enrol') w.unenrolled = 0;
      else w[a] = 0;
    }
    expect(order).toEqual(['keys', 'enrol', 'push', 'confirm', 'blobs', 'feed', 'release', undefined]);
  });

  test('L12: however often it is woken, everything has its turn', () => {
    const work: Work = { ...nothing, blobs: 1000 };
    let s: State = initial;
    const done = new Map<Activity, number>();
    for (let i = 0; i < 400; i++) {
      s = step(s, { type: 'woken', by: 'visible' }, work, 0); // twice in each activity, and at its end
      s = step(s, { type: 'woken', by: 'kick' }, work, 0);
      const { activity } = s;
      if (s.phase !== 'working' || !activity) throw new Error(s.phase);
      done.set(activity, (done.get(activity) ?? 0) + 1);
      if (activity === 'blobs') {
        expect(s.feed).toBe(true); // and a page with them
        s = step(s, { type: 'page', more: true }, work, 0);
        work.blobs--;
      }
      s = step(s, { type: 'done', activity, work }, work, 0);
      s = step(s, { type: 'woken', by: 'online' }, work, 0);
    }
    for (const a of ['push', 'blobs'] as const) expect(done.get(a)).toBeGreaterThan(100);
  });

  test('a page that was asked for during a pause, or before it, is noted; blobs alone leave a page that became due meanwhile', () => {
    let s = step(initial, { type: 'woken', by: 'start' }, nothing, 0);
    s = step(s, { type: 'done', activity: 'push', work: nothing }, nothing, 0);
    const paused = step(s, { type: 'pause' }, nothing, 0);
    expect(step(paused, { type: 'page', more: false }, nothing, 0).feed).toBe(false);
    s = step(s, { type: 'page', more: false }, nothing, 0);
    s = step(s, { type: 'woken', by: 'visible' }, nothing, 0);
    expect(step(s, { type: 'done', activity: 'blobs', work: nothing }, nothing, 0)).toMatchObject({
      activity: 'push',
      feed: true,
    });
  });

  test('waits double up to five minutes, less by chance, never less than was asked for', () => {
    expect([1, 2, 3, 20].map((n) => backoff(n, 0, 0))).toEqual([firstWait, 2 * firstWait, 4 * firstWait, longestWait]);
    expect(backoff(1, 0, 0.999)).toBeGreaterThanOrEqual(firstWait / 2);
    expect(backoff(1, 60_000, 0.5)).toBe(60_000);
    fc.assert(fc.property(fc.integer({ min: 1, max: 1e6 }), (n) => backoff(n, 0, 0) <= longestWait));
  });

  test('a seal does not shorten a wait; the network does, and begins to count anew', () => {
    let s = step(initial, { type: 'woken', by: 'start' }, nothing, 0);
    for (let i = 0; i < 5; i++) {
      s = step(s, { type: 'failed', wait: 0, fault: 'offline' }, nothing, 0);
      if (i < 4) s = step(s, { type: 'woken', by: 'timer' }, nothing, 0);
    }
    expect(s).toMatchObject({ phase: 'waiting', failures: 5, timer: 16 * firstWait });
    expect(step(s, { type: 'woken', by: 'sealed' }, { ...nothing, records: 1 }, 0)).toBe(s);
    expect(step(s, { type: 'woken', by: 'online' }, nothing, 0)).toMatchObject({ phase: 'working', failures: 0 });
  });

  test('a server that contradicts itself is not asked for keys for ever', () => {
    let s = step(initial, { type: 'woken', by: 'start' }, nothing, 0);
    const phases: string[] = [];
    for (let i = 0; i < 8 && s.phase === 'working'; i++) {
      phases.push(s.activity ?? '');
      const keys: Event = { type: 'done', activity: 'keys', work: nothing };
      s = step(s, s.activity === 'keys' ? keys : { type: 'keysWanted' }, nothing, 0);
    }
    expect(phases).toEqual(['push', 'keys', 'push', 'keys', 'push']);
    expect(s).toMatchObject({ phase: 'waiting', timer: longestWait });
  });

  test('idle asks again every minute, or when an item may be tried again', () => {
    const done: Event = { type: 'done', activity: 'feed', work: nothing };
    const s = { ...initial, phase: 'working', activity: 'feed' } as const;
    expect(step(s, done, nothing, 0).timer).toBe(pollEvery);
    expect(step(s, { ...done, work: { ...nothing, nextTry: 500 } }, nothing, 0).timer).toBe(500);
  });
});
