import { useSignal } from '@preact/signals';
import { EngineError } from '../../engine/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { t } from '../words/outbox.ts';

/** Rescue carries all unsent work out of a phone that cannot send it, in a file that only the server can open. space: another member's. */
export function Rescue({ space }: { space?: string }) {
  const app = phone();
  const busy = useSignal(false);
  const state = useSignal<'' | 'done' | 'failed' | 'nobody'>('');
  const save = async () => {
    busy.value = true;
    state.value = '';
    try {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const part of app.rescue(space)) parts.push(part);
      const link = document.createElement('a');
      const url = URL.createObjectURL(new Blob(parts, { type: 'application/octet-stream' }));
      link.href = url;
      link.download = `tachiai-rescue-${new Date(app.now()).toISOString().slice(0, 10)}.age`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      state.value = 'done';
    } catch (fault) {
      state.value = fault instanceof EngineError && fault.code === 'rescue' ? 'nobody' : 'failed';
    }
    busy.value = false;
  };
  return (
    <div class="ta-stack ta-stack--close">
      <p>{t('rescue_why')}</p>
      <Button wide icon="download" busy={busy.value} onClick={() => void save()}>
        {t('rescue_do')}
      </Button>
      {state.value === 'done' && (
        <Notice kind="success" title={t('rescue_done')}>
          <p>{t('rescue_next')}</p>
        </Notice>
      )}
      {state.value === 'failed' && <Notice kind="warning" title={t('rescue_failed')} />}
      {state.value === 'nobody' && <Notice kind="warning" title={t('rescue_nobody')} />}
    </div>
  );
}
