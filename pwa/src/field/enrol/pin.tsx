import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { EngineError } from '../../engine/index.ts';
import { Button, Notice, PinField } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { t } from '../words/setup.ts';

/** Long enough that wrong ones can be slowed down before it is guessed. */
const pinForm = /^[0-9]{6,12}$/;

/** PinForm sets a PIN, twice the same; another one only for who knows the one before. */
export function PinForm({ onDone }: { onDone(): void }) {
  const { lock } = phone();
  const changes = useMemo(() => lock.set.peek(), []);
  const old = useSignal('');
  const first = useSignal('');
  const second = useSignal('');
  const fault = useSignal<'' | 'pin_short' | 'pin_differs' | 'pin_failed' | 'pin_wrong' | 'pin_later'>('');
  const busy = useSignal(false);
  const set = async () => {
    if (busy.value) return;
    fault.value = !pinForm.test(first.value) ? 'pin_short' : first.value !== second.value ? 'pin_differs' : '';
    if (fault.value) return;
    busy.value = true;
    try {
      await lock.setPIN(first.value, changes ? old.value : undefined);
      onDone();
    } catch (cause) {
      const code = cause instanceof EngineError ? cause.code : '';
      fault.value = code === 'pin_wrong' ? 'pin_wrong' : code === 'pin_wait' ? 'pin_later' : 'pin_failed';
    }
    busy.value = false;
  };
  return (
    <>
      {changes && (
        <PinField
          label={t('pin_old')}
          error={fault.value === 'pin_wrong' ? t('pin_wrong') : undefined}
          autocomplete="current-password"
          value={old.value}
          onInput={(pin) => {
            old.value = pin;
          }}
        />
      )}
      <PinField
        label={t('pin_new')}
        hint={t('pin_hint')}
        error={fault.value === 'pin_short' ? t('pin_short') : undefined}
        autocomplete="new-password"
        value={first.value}
        onInput={(pin) => {
          first.value = pin;
        }}
      />
      <PinField
        label={t('pin_again')}
        error={fault.value === 'pin_differs' ? t('pin_differs') : undefined}
        autocomplete="new-password"
        value={second.value}
        onInput={(pin) => {
          second.value = pin;
        }}
        onEnter={() => void set()}
      />
      {(fault.value === 'pin_failed' || fault.value === 'pin_later') && (
        <Notice kind="warning" title={t(fault.value)} />
      )}
      <Button kind="primary" wide busy={busy.value} onClick={() => void set()}>
        {t('pin_set')}
      </Button>
    </>
  );
}
