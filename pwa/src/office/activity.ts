/** When somebody last touched the page. The server ends a session after two idle hours; a page that asks again by itself must not keep it alive. */
let touched = Date.now();

/** The idle time after which the server has ended the session, ms. */
export const idleLimit = 2 * 60 * 60 * 1000;

/** A page that nobody has touched for so long asks for nothing any more, ms. */
const restAfter = 10 * 60 * 1000;

/** Listens for hands. Called once, when the page starts. */
export function watchActivity(target: EventTarget = document): void {
  const touch = () => {
    touched = Date.now();
  };
  for (const kind of ['pointerdown', 'keydown', 'wheel', 'touchmove']) {
    target.addEventListener(kind, touch, { passive: true, capture: true });
  }
}

/** Whether the page may ask for news by itself. */
export function isAwake(now = Date.now()): boolean {
  return now - touched < restAfter;
}

/** Whether a session is over by the clock: its own end has passed, or nobody was here for too long. */
export function isOver(expiresAt: number, now = Date.now()): boolean {
  return now >= expiresAt || now - touched >= idleLimit;
}
