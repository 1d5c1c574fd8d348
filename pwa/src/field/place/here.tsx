import { useEffect, useMemo } from 'preact/hooks';
import { Icon } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { useNow } from '../use.ts';
import { t } from '../words/index.ts';
import { best, type Sample } from './fixes.ts';
import { type Sampler, startSampling } from './sampler.ts';

/** Measures while the screen is shown, for the one act that it is about, and stops with it. */
export function useSampler(): Sampler {
  const sampler = useMemo(() => startSampling(() => phone().now()), []);
  useEffect(() => () => sampler.stop(), [sampler]);
  return sampler;
}

/** Here says how well the place is known right now: accuracy and age, or why it is not. */
export function Here({ sampler }: { sampler: Sampler }) {
  const now = useNow(1000);
  const text = hereText(sampler.sample.value, sampler.running.value, now);
  return (
    <p class={`fd-here fd-here--${text.tone}`} role="status">
      <Icon name="map" />
      <span>{text.words}</span>
    </p>
  );
}

function hereText(s: Sample, running: boolean, now: number): { words: string; tone: 'good' | 'plain' | 'caution' } {
  const b = best(s, now);
  if (b) {
    const age = Math.max(0, Math.round((now - b.at) / 1000));
    const words = t('here_fix', { accuracy: b.accuracy_m, age });
    return b.accuracy_m <= 100 ? { words, tone: 'good' } : { words: `${words} ${t('here_coarse')}`, tone: 'plain' };
  }
  if (running) return { words: t('here_measuring'), tone: 'plain' };
  if (s.fixes.length > 0) return { words: t('here_stale'), tone: 'caution' };
  return { words: t(`here_${s.missing}`), tone: 'caution' };
}
