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
    <p class={`fd-here fd-here--${text.tone}`}>
      <Icon name="map" />
      <span>{text.words}</span>
      <span class="ta-hidden" role="status">
        {text.heard}
      </span>
    </p>
  );
}

interface Words {
  words: string;
  /** What is read out: without the age, which would speak every second. */
  heard: string;
  tone: 'good' | 'plain' | 'caution';
}

function hereText(s: Sample, running: boolean, now: number): Words {
  const alike = (words: string, tone: Words['tone']) => ({ words, heard: words, tone });
  const b = best(s, now);
  if (b) {
    const age = Math.max(0, Math.round((now - b.at) / 1000));
    const words = t('here_fix', { accuracy: b.accuracy_m, age });
    const heard = t('here_heard', { accuracy: b.accuracy_m });
    const coarse = ` ${t('here_coarse')}`;
    return b.accuracy_m <= 100
      ? { words, heard, tone: 'good' }
      : { words: words + coarse, heard: heard + coarse, tone: 'plain' };
  }
  if (running) return alike(t('here_measuring'), 'plain');
  if (s.fixes.length > 0) return alike(t('here_stale'), 'caution');
  return alike(t(`here_${s.missing}`), 'caution');
}
