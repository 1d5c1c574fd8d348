/** How far down one was on each screen, in CSS pixels. */
const left = new Map<string, number>();
let here = '';
let isBack = false;

/** The next screen is one that one comes back to. */
export const turnBack = () => {
  isBack = true;
};

/** From now on, who comes back to a screen finds it where he left it: a list of hundreds is gone through from one to the next. */
export function rememberTheWay(): void {
  here = location.pathname;
  history.scrollRestoration = 'manual'; // the browser restores too early: the screen before is still there
  addEventListener('popstate', () => {
    isBack = location.pathname !== here;
  });
  addEventListener('scroll', () => left.set(location.pathname, scrollY), { passive: true });
}

/** Whether the screen that is drawn now is one that one comes back to. */
export const isWayBack = () => isBack;

/** A screen has come, and stands at its top. */
export function arrived(): void {
  here = location.pathname;
  goDown(here, isBack ? (left.get(here) ?? 0) : 0, 20);
  isBack = false;
}

/** Goes as far down as one was, as soon as there is so much of the screen: what is read from the store comes some frames later. */
function goDown(path: string, to: number, frames: number): void {
  if (location.pathname !== path) return;
  scrollTo(0, to);
  if (scrollY < to - 1 && frames > 0) requestAnimationFrame(() => goDown(path, to, frames - 1));
}
