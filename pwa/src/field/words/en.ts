import type { ja } from './ja.ts';

export const en: Record<keyof typeof ja, string> = {
  title: 'Tachiai',
  soon: 'This screen is being prepared.',
};
