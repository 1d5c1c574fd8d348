import { h } from 'preact';
import { type IconName, icons } from './icons.ts';

export type { IconName };

/** Icon is a small line drawing beside a word. Where it stands alone, give it a label. */
export function Icon({ name, label }: { name: IconName; label?: string | undefined }) {
  const shapes = icons[name].map(([shape, attributes]) => h(shape, attributes));
  if (label === undefined) {
    return (
      <svg class="ta-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
        {shapes}
      </svg>
    );
  }
  return (
    <svg class="ta-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" role="img" aria-label={label}>
      <title>{label}</title>
      {shapes}
    </svg>
  );
}
