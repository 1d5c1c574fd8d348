import { useSignal } from '@preact/signals';
import { Button, formatDuration, LanguageSwitch, LinkButton, Notice, Page, PinField } from '../../ui/index.ts';
import { handed } from '../paper/handed.ts';
import { phone } from '../phone.ts';
import { useNow } from '../use.ts';
import { t } from '../words/index.ts';
import { switchable } from './members.ts';
import { type Tried, tryPin } from './tried.ts';

/** LockPage asks for the PIN. Who forgot it enrols anew; what was not sent arrives all the same. */
export function LockPage() {
  const app = phone();
  const pin = useSignal('');
  const tried = useSignal<Tried | ''>('');
  const busy = useSignal(false);
  const now = useNow(1000);
  const wait = Math.max(0, app.lock.waitUntil.value - now);
  // A paper that is in somebody's hands is left by the PIN alone, not through the room of a member who has none.
  const others = handed.value ? [] : switchable(app.members.value);
  const member = app.enrolment.value.state === 'locked' ? app.enrolment.value.member.name : '';
  const open = async () => {
    if (busy.value || wait > 0 || !pin.value) return;
    busy.value = true;
    tried.value = await tryPin(() => app.lock.unlock(pin.value));
    pin.value = '';
    busy.value = false;
  };
  return (
    <Page
      title={t('lock_title')}
      beside={<LanguageSwitch />}
      actions={
        <Button
          kind="primary"
          wide
          icon="unlock"
          busy={busy.value}
          aria-disabled={wait > 0 || !pin.value}
          onClick={() => void open()}
        >
          {t('lock_open')}
        </Button>
      }
    >
      <p>{t('lock_who', { name: member })}</p>
      <PinField
        label={t('lock_pin')}
        error={tried.value === 'wrong' && wait === 0 ? t('lock_wrong') : undefined}
        autocomplete="current-password"
        value={pin.value}
        onInput={(typed) => {
          pin.value = typed;
        }}
        onEnter={() => void open()}
      />
      {tried.value === 'failed' && <Notice kind="error" title={t('lock_failed')} />}
      {wait > 0 && <Notice kind="warning" title={t('lock_wait', { time: formatDuration(wait) })} />}
      <details class="fd-more">
        <summary>{t('lock_forgot')}</summary>
        <p>{t('lock_forgot_next')}</p>
        <LinkButton wide href="/field/enrol">
          {t('lock_enrol')}
        </LinkButton>
      </details>
      {others.length > 0 && (
        <details class="fd-more">
          <summary>{t('lock_others')}</summary>
          <div class="ta-stack ta-stack--close">
            {others.map((m) => (
              <Button key={m.space} wide icon="members" onClick={() => void app.switchTo(m.space)}>
                {t('lock_switch', { name: m.name, n: m.unsent })}
              </Button>
            ))}
          </div>
        </details>
      )}
    </Page>
  );
}
