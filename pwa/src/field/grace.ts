/** So long the app may be out of sight before it locks itself: a call, a photo, a map. */
export const grace = 15 * 60_000;

interface Clock {
  now(): number;
  set(then: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

const real: Clock = {
  now: () => Date.now(),
  set: (then, ms) => setTimeout(then, ms),
  clear: (timer) => clearTimeout(timer as number),
};

/** Locks when the app was out of sight for longer than the grace: by a timer while the page lives, else when it is seen again. */
export function keeper(lock: () => void, clock: Clock = real): (visible: boolean) => void {
  let since = 0;
  let timer: unknown;
  return (visible) => {
    clock.clear(timer);
    if (!visible) {
      since = clock.now();
      timer = clock.set(lock, grace);
      return;
    }
    if (since > 0 && Math.abs(clock.now() - since) >= grace) lock();
    since = 0;
  };
}
