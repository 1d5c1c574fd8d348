import { type Signal, signal, useSignal } from '@preact/signals';
import { Button } from '../../ui/index.ts';
import type { Point } from '../place/match.ts';
import { t } from '../words/index.ts';

/** Where the rep is, once he has asked for the nearest first: in memory alone, until he asks for the dates again or the app is closed. */
export const whereabouts: Signal<Point | undefined> = signal(undefined);

/** Near puts the nearest first, and says what it takes: one position, which is not kept. */
export function Near() {
  const busy = useSignal(false);
  const failed = useSignal(false);
  const measure = async () => {
    if (busy.value) return;
    busy.value = true;
    const { measureOnce } = await import('../place/once.ts');
    whereabouts.value = await measureOnce();
    failed.value = whereabouts.value === undefined;
    busy.value = false;
  };
  const near = whereabouts.value !== undefined;
  return (
    <div class="fd-near">
      <p class="ta-small ta-soft" role="status">
        {t(near ? 'near_on' : failed.value ? 'near_failed' : 'near_off')}
      </p>
      <Button
        icon={near ? 'clock' : 'map'}
        busy={busy.value}
        onClick={() => {
          if (near) whereabouts.value = undefined;
          else void measure();
        }}
      >
        {t(near ? 'near_leave' : 'near_ask')}
      </Button>
    </div>
  );
}
