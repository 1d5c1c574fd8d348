import type { Label } from '../../core/record/index.ts';

export type PlaceCode = 'doorstep' | 'common_area' | 'restaurant' | 'office' | 'other';

/** Where a visit may be, in the words of the papers. */
export const places: readonly ({ code: PlaceCode } & Label)[] = [
  { code: 'doorstep', ja: '玄関先', en: 'Doorstep' },
  { code: 'common_area', ja: '共用部', en: 'Common area' },
  { code: 'restaurant', ja: '飲食店', en: 'Restaurant or café' },
  { code: 'office', ja: '事業所', en: 'Business office' },
  { code: 'other', ja: 'その他', en: 'Other' },
];
