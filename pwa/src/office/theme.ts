import { effect, signal } from '@preact/signals';

/** auto follows the device. */
export type Theme = 'auto' | 'light' | 'dark';

const remembered = 'tachiai.theme';

export const theme = signal<Theme>(first());

function first(): Theme {
  try {
    const kept = localStorage.getItem(remembered);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}

/** Keeps the page in the chosen theme. Called once, when the page starts. */
export function follow(): void {
  effect(() => {
    const root = document.documentElement;
    if (theme.value === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme.value;
    try {
      localStorage.setItem(remembered, theme.value);
    } catch {
      // a page without storage forgets; it works all the same
    }
  });
}
