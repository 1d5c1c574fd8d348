import { type Signal, signal } from '@preact/signals';
import { add, fixOf, type Missing, none, type Sample, settled } from './fixes.ts';

/** A running measurement. It is never a track: only the best fix of one act is ever kept, and stop ends it. */
export interface Sampler {
  readonly sample: Signal<Sample>;
  readonly running: Signal<boolean>;
  /** Resolves when nothing better is to be expected, or after so many ms. */
  settle(withinMS: number): Promise<Sample>;
  stop(): void;
}

/** Measures until it is good enough, but not longer than this. */
const mostMS = 25_000;

/** Asks the receiver for several fixes. now is the device clock that records use. */
export function startSampling(now: () => number): Sampler {
  const sample = signal<Sample>(none);
  const running = signal(true);
  const waiting = new Set<() => void>();
  let watch: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    if (watch !== undefined) navigator.geolocation.clearWatch(watch);
    clearTimeout(timer);
    watch = undefined;
    running.value = false;
    for (const done of waiting) done();
    waiting.clear();
  };
  const fail = (missing: Missing, end: boolean) => {
    sample.value = { ...sample.value, missing };
    if (end) stop();
  };
  if (!navigator.geolocation) fail('unavailable', true);
  else {
    timer = setTimeout(stop, mostMS);
    watch = navigator.geolocation.watchPosition(
      (p) => {
        // The receiver's clock and the device's may differ; the age counts on the device's.
        const fix = fixOf(p.coords, Math.min(p.timestamp, now()));
        if (!fix) return;
        sample.value = add(sample.value, fix);
        if (settled(sample.value, now())) stop();
      },
      (e) => {
        if (e.code === e.PERMISSION_DENIED) fail('denied', true);
        else fail(e.code === e.TIMEOUT ? 'timeout' : 'unavailable', false);
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout: 20_000 },
    );
  }
  return {
    sample,
    running,
    settle(withinMS) {
      if (!running.value) return Promise.resolve(sample.value);
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(limit);
          waiting.delete(done);
          resolve(sample.value);
        };
        const limit = setTimeout(done, withinMS);
        waiting.add(done);
      });
    },
    stop,
  };
}
