import type { ja } from './redact.ja.ts';

export const en: Record<keyof typeof ja, string> = {
  title: 'Hide parts of the photo',
  how: 'Draw over what is to be hidden.',
  how_else: 'Two taps at opposite corners do the same. Two fingers enlarge.',
  kept_both: 'The photo itself stays as it is; the client is given only the one with parts hidden.',
  undo: 'Undo one',
  keep: 'Hide and save',
  keep_n: 'Hide {n} and save',
  count: 'Areas: {n}',
  corner: 'Now tap the opposite corner',
  saved: 'The photo was saved with parts hidden.',
  hide: 'Hide parts',
  hide_which: 'Hide parts: {role}',
  hidden: 'Photos with parts hidden',
  as_taken: 'See the photo as taken',
  unmade: 'The picture could not be made',
  unmade_next: 'The photo itself is saved. Close other apps and try again.',
};
