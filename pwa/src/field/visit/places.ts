import type { Label } from '../../core/record/index.ts';
import { t } from '../words/index.ts';
import type { Entry } from './timeline.ts';

export type PlaceCode = 'doorstep' | 'common_area' | 'restaurant' | 'office' | 'other';

/** Where a visit may be, in the words of the papers. */
export const places: readonly ({ code: PlaceCode } & Label)[] = [
  { code: 'doorstep', ja: '玄関先', en: 'Doorstep' },
  { code: 'common_area', ja: '共用部', en: 'Common area' },
  { code: 'restaurant', ja: '飲食店', en: 'Restaurant or café' },
  { code: 'office', ja: '事業所', en: 'Business office' },
  { code: 'other', ja: 'その他', en: 'Other' },
];

const reasons = ['denied', 'timeout', 'unavailable', 'stale', 'off'] as const;

/** How well a position is known, or why it is not. */
export function fixWord(place: NonNullable<Entry['place']>): string {
  if ('accuracy' in place) return `±${place.accuracy} m`;
  const why = reasons.find((one) => one === place.missing);
  return why ? t(`no_position_${why}`) : t('no_position');
}
