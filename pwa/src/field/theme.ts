/** What the rep chose; auto is dark after sunset. */
export type Theme = 'auto' | 'light' | 'dark';

const remembered = 'tachiai.theme';

/** Sunset and sunrise of Tokyo in minutes of the day on the 15th of each month: near enough to spare the eyes. */
const down = [972, 1002, 1028, 1052, 1077, 1098, 1098, 1073, 1033, 990, 960, 952];
const up = [409, 385, 347, 304, 273, 265, 277, 299, 322, 345, 375, 401];

/** It is dark outside at that time of the phone's own clock. */
export function isDark(at: Date): boolean {
  const minute = at.getHours() * 60 + at.getMinutes();
  const month = at.getMonth();
  return minute >= (down[month] ?? 1000) || minute < (up[month] ?? 360);
}

export function chosen(): Theme {
  try {
    const kept = localStorage.getItem(remembered);
    if (kept === 'light' || kept === 'dark') return kept;
  } catch {
    // a page without storage decides by the clock
  }
  return 'auto';
}

/** Remembers the choice and shows it. */
export function choose(theme: Theme): void {
  try {
    if (theme === 'auto') localStorage.removeItem(remembered);
    else localStorage.setItem(remembered, theme);
  } catch {
    // as above
  }
  show();
}

/** Sets the theme of the page; the shell calls it again every few minutes. */
export function show(now = new Date()): void {
  const theme = chosen();
  const dark =
    theme === 'dark' || (theme === 'auto' && (isDark(now) || matchMedia('(prefers-color-scheme: dark)').matches));
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
