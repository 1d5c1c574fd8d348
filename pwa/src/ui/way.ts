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
  scrollTo(0, isBack ? (left.get(here) ?? 0) : 0);
  isBack = false;
}
