import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Button, Icon, Notice, PinField } from '../../ui/index.ts';
import { type Tried, tryPin } from '../enrol/tried.ts';
import { phone } from '../phone.ts';
import { t } from '../words/paper.ts';

/** So long the button is held where there is no PIN: not by accident, and not unseen. */
const holdMS = 2000;

/** TakeBack is the rep's way out of the worker's view: his PIN, or a long press where he has none. */
export function TakeBack({ onBack, wide = false }: { onBack(): void; wide?: boolean }) {
  const app = phone();
  const open = useSignal(false);
  const pin = useSignal('');
  const tried = useSignal<Tried | ''>('');
  const busy = useSignal(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const holding = useSignal(false);
  const release = () => {
    clearTimeout(timer.current);
    holding.value = false;
  };
  const press = () => {
    if (holding.value) return;
    holding.value = true;
    timer.current = setTimeout(() => {
      holding.value = false;
      onBack();
    }, holdMS);
  };
  if (!app.lock.set.value) {
    return (
      <div class="fd-takeback">
        <button
          type="button"
          class={holding.value ? 'fd-hold fd-hold--on' : 'fd-hold'}
          onPointerDown={press}
          onPointerUp={release}
          onPointerLeave={release}
          onPointerCancel={release}
          onContextMenu={(e) => e.preventDefault()}
          onKeyDown={(e) => {
            if (e.key === 'Enter' || e.key === ' ') press();
          }}
          onKeyUp={release}
        >
          <Icon name="lock" />
          <span>{t('back_hold')}</span>
        </button>
      </div>
    );
  }
  const check = async () => {
    if (busy.value) return;
    busy.value = true;
    tried.value = await tryPin(() => app.lock.check(pin.value));
    pin.value = '';
    busy.value = false;
    if (tried.value === 'right') onBack();
  };
  if (!open.value)
    return (
      <div class="fd-takeback">
        <Button
          kind={wide ? 'primary' : 'quiet'}
          wide={wide}
          icon="lock"
          onClick={() => {
            open.value = true;
          }}
        >
          {t('back_pin')}
        </Button>
      </div>
    );
  return (
    <section class="ta-stack ta-stack--close">
      <PinField
        label={t('back_pin_label')}
        error={tried.value === 'wrong' ? t('back_pin_wrong') : undefined}
        autocomplete="off"
        value={pin.value}
        onInput={(typed) => {
          pin.value = typed;
        }}
        onEnter={() => void check()}
      />
      {tried.value === 'failed' && <Notice kind="error" title={t('back_pin_failed')} />}
      {tried.value === 'wait' && <Notice kind="warning" title={t('back_pin_wait')} />}
      <Button wide busy={busy.value} onClick={() => void check()}>
        {t('back_pin_go')}
      </Button>
    </section>
  );
}
