import type { Tree } from '../../core/record/index.ts';
import { Chip, formatDuration, formatTime } from '../../ui/index.ts';
import { kindText, listed } from '../label.ts';
import { t, word } from '../words/index.ts';
import { numberOf } from './entry.ts';
import { distance, draw, type Fix, type Point, roundedMetres, type Stand } from './rings.ts';
import { verdictText } from './telling.ts';

/** Place draws where the phone was, as distance and accuracy around the registered address. Nothing is fetched for it. */
export function Place({ stands, address }: { stands: readonly Stand[]; address: Tree | undefined }) {
  const lat = numberOf(address, 'lat');
  const lng = numberOf(address, 'lng');
  const center = lat === undefined || lng === undefined ? undefined : { lat, lng };
  if (stands.length === 0) return <p class="ta-soft">{t('place.none')}</p>;
  return (
    <div class="office-place">
      {center ? <Rings center={center} stands={stands} /> : <p class="ta-soft">{t('place.no_center')}</p>}
      <ol class="office-stands">
        {stands.map((s, i) => (
          <li key={s.record}>
            <p>
              <span class="office-stands__n" aria-hidden="true">
                {i + 1}
              </span>
              <strong>{formatTime(s.at)}</strong> {kindText(s.kind)}
            </p>
            <p class="ta-small">{where(s, center)}</p>
            {s.verdict && (
              <p class="ta-small ta-soft">
                {t('place.verdict', { verdict: verdictText(s.verdict, s.band ?? 'unknown') })}
              </p>
            )}
            {contradicts(s, center) && (
              <Chip tone="warning" icon="caution">
                {t('place.phone_differs')}
              </Chip>
            )}
          </li>
        ))}
      </ol>
      {center && <p class="ta-small ta-soft office-place__legend">{t('place.legend')}</p>}
    </div>
  );
}

function where(s: Stand, center: Point | undefined): string {
  if (!s.fix) return word(`geo_missing.${s.missing ?? ''}`, t('unknown'));
  const age = t('place.age', { span: formatDuration(s.fix.age) });
  if (!center)
    return t('with_more', {
      text: `${s.fix.lat / 1e7}, ${s.fix.lng / 1e7}`,
      more: listed([t('place.accuracy', { n: s.fix.accuracy }), age]),
    });
  const metres = roundedMetres(distance(center, s.fix));
  return listed([t('place.distance', { metres, accuracy: s.fix.accuracy }), age]);
}

const bands: Record<string, [number, number]> = {
  le_50: [0, 50],
  le_100: [50, 100],
  le_500: [100, 500],
  le_2000: [500, 2000],
  gt_2000: [2000, Number.POSITIVE_INFINITY],
};

/** The phone put itself into a band that its own fix, with its accuracy, is not in. */
function contradicts(s: Stand, center: Point | undefined): boolean {
  const band = bands[s.band ?? ''];
  if (!s.fix || !center || !band) return false;
  const metres = distance(center, s.fix);
  const [from, to] = band;
  return metres + s.fix.accuracy + 5 < from || metres - s.fix.accuracy - 5 > to;
}

function Rings({ center, stands }: { center: Point; stands: readonly Stand[] }) {
  const d = draw(
    center,
    stands.flatMap((s) => s.fix ?? []),
  );
  const numberIn = (fix: Fix) => stands.findIndex((s) => s.fix === fix) + 1;
  const middle = d.size / 2;
  const list = d.dots.map((p) => `${kindText(p.fix.kind)} ${roundedMetres(p.metres)}`).join(', ');
  return (
    <svg class="office-rings" viewBox={`0 0 ${d.size} ${d.size}`} role="img" aria-label={t('place.picture', { list })}>
      {d.rings.map((r) => (
        <g key={r.metres}>
          <circle class="office-rings__ring" cx={middle} cy={middle} r={r.r} />
          <text class="office-rings__label" x={middle} y={middle - r.r - 3} text-anchor="middle">
            {roundedMetres(r.metres)}
          </text>
        </g>
      ))}
      {d.dots.map((p) => (
        <circle key={p.fix.record} class="office-rings__reach" cx={p.x} cy={p.y} r={p.r} />
      ))}
      <path class="office-rings__home" d={`M${middle - 6} ${middle + 5}v-6l6-6 6 6v6z`} />
      {d.dots.map((p, i) => (
        <g key={p.fix.record}>
          <circle class="office-rings__dot" cx={p.x} cy={p.y} r={4} />
          <text class="office-rings__n" x={p.x + 7 + 12 * (i % 3)} y={p.y + 4}>
            {numberIn(p.fix)}
          </text>
        </g>
      ))}
      <text class="office-rings__label" x={d.size - 6} y={14} text-anchor="end">
        ↑ {t('place.north')}
      </text>
    </svg>
  );
}
