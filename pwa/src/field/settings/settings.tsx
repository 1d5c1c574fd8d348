import { useSignal } from '@preact/signals';
import { spell } from '../../core/encoding/fingerprint.ts';
import {
  Button,
  Checkbox,
  DescriptionList,
  Dialog,
  formatDateTime,
  LanguageSwitch,
  LinkButton,
  Notice,
  RadioGroup,
} from '../../ui/index.ts';
import { switchable } from '../enrol/members.ts';
import { StorageLine } from '../enrol/permissions.tsx';
import { PinForm } from '../enrol/pin.tsx';
import { Rescue } from '../outbox/rescue.tsx';
import { phone } from '../phone.ts';
import { inForce } from '../policy.ts';
import { Screen } from '../screen.tsx';
import { amount } from '../strip.tsx';
import { choose, chosen, type Theme } from '../theme.ts';
import { t } from '../words/setup.ts';
import { UpdateOffer } from './offer.tsx';

/** SettingsPage is what belongs to this phone: its key, its store, its looks, and the ways out that lose nothing. */
export function SettingsPage() {
  const app = phone();
  const theme = useSignal<Theme>(chosen());
  const pin = useSignal<'' | 'asked' | 'done'>('');
  const leaving = useSignal(false);
  const device = app.device.value;
  const status = app.status.value;
  const { unsent } = status;
  return (
    <Screen title={t('settings')} back="/field">
      <UpdateOffer />
      <section class="ta-stack">
        <h2>{t('set_me')}</h2>
        <DescriptionList
          items={[
            { term: t('set_member'), value: app.member.value?.name ?? '' },
            app.profile.value?.affiliation !== undefined && {
              term: t('set_affiliation'),
              value: app.profile.value.affiliation,
            },
            app.agency.value && { term: t('set_agency'), value: app.agency.value.name },
          ]}
        />
        {switchable(app.members.value).map((m) => (
          <div key={m.space} class="ta-stack ta-stack--close">
            <Button wide icon="members" onClick={() => void app.switchTo(m.space)}>
              {m.id === app.member.value?.id
                ? t('set_switch_before', { n: m.unsent })
                : t('set_switch', { name: m.name, n: m.unsent })}
            </Button>
            {m.unsent > 0 && (
              <details class="fd-more">
                <summary>
                  {m.id === app.member.value?.id ? t('set_rescue_before') : t('set_rescue', { name: m.name })}
                </summary>
                <Rescue space={m.space} />
              </details>
            )}
          </div>
        ))}
        <LinkButton wide icon="plus" href="/field/enrol">
          {t('set_person')}
        </LinkButton>
      </section>
      <section class="ta-stack">
        <h2>{t('set_look')}</h2>
        <LanguageSwitch />
        <RadioGroup<Theme>
          legend={t('set_theme')}
          inline
          value={theme.value}
          onChange={(v) => {
            theme.value = v;
            choose(v);
          }}
          choices={[
            { value: 'auto', label: t('set_theme_auto') },
            { value: 'dark', label: t('set_theme_dark') },
            { value: 'light', label: t('set_theme_light') },
          ]}
        />
      </section>
      <section class="ta-stack">
        <h2>{t('set_send')}</h2>
        <Checkbox
          checked={app.sync.originalsOnWifi.value}
          onChange={(on) => void app.sync.setOriginalsOnWifi(on)}
          hint={t('set_wifi_hint')}
        >
          {t('set_wifi')}
        </Checkbox>
      </section>
      <section class="ta-stack">
        <h2>{t('set_store')}</h2>
        <StorageLine />
        {!app.storage.value.persisted && (
          <Button wide onClick={() => void app.persist()}>
            {t('set_persist')}
          </Button>
        )}
      </section>
      <section class="ta-stack">
        <h2>{t('set_lock')}</h2>
        <p>{t(app.lock.set.value ? 'set_lock_on' : 'set_lock_off')}</p>
        {app.lock.set.value && (
          <Button wide icon="lock" onClick={() => app.lock.lock()}>
            {t('set_lock_now')}
          </Button>
        )}
        {pin.value === 'done' && <Notice kind="success" title={t('set_pin_done')} />}
        {pin.value === 'asked' ? (
          <PinForm
            onDone={() => {
              pin.value = 'done';
            }}
          />
        ) : (
          <Button
            wide
            onClick={() => {
              pin.value = 'asked';
            }}
          >
            {t(app.lock.set.value ? 'set_pin_change' : 'set_pin_new')}
          </Button>
        )}
      </section>
      <section class="ta-stack">
        <h2>{t('set_device')}</h2>
        <DescriptionList
          items={[
            device && { term: t('set_kid'), value: <span class="ta-mono">{device.kid}</span> },
            device && {
              term: t('set_root'),
              value: (
                <>
                  <span class="ta-mono fd-spelt">{spell(device.root)}</span>
                  <br />
                  <span class="ta-small ta-soft">{t(device.pinned ? 'set_root_pinned' : 'set_root_first')}</span>
                </>
              ),
            },
            device && { term: t('set_server'), value: device.publicURL },
            { term: t('set_policy'), value: inForce(app.policies.value).version },
            {
              term: t('set_version'),
              value: <span class="ta-mono">{/-([\w-]+)\.js/.exec(import.meta.url)?.[1] ?? 'dev'}</span>,
            },
            status.lastReceivedAt > 0 && { term: t('set_received'), value: formatDateTime(status.lastReceivedAt) },
            status.lastContactAt > 0 && { term: t('set_contact'), value: formatDateTime(status.lastContactAt) },
          ]}
        />
      </section>
      <section class="ta-stack">
        <h2>{t('set_leave')}</h2>
        <p>{t('set_leave_why')}</p>
        <Button
          wide
          icon="logout"
          onClick={() => {
            leaving.value = true;
          }}
        >
          {t('set_leave_do')}
        </Button>
        <Dialog
          open={leaving.value}
          title={t('set_leave')}
          onClose={() => {
            leaving.value = false;
          }}
          actions={
            <>
              <Button
                onClick={() => {
                  leaving.value = false;
                }}
              >
                {t('set_stay')}
              </Button>
              {app.lock.set.value && (
                <Button kind="primary" onClick={() => app.lock.lock()}>
                  {t('set_lock_now')}
                </Button>
              )}
            </>
          }
        >
          {unsent.records + unsent.blobs > 0 ? (
            <Notice kind="warning" title={t('set_unsent', { amount: amount(unsent) })}>
              <p>{t('set_unsent_why')}</p>
            </Notice>
          ) : (
            <p>{t('set_all_sent')}</p>
          )}
          <p>{t(app.lock.set.value ? 'set_leave_lock' : 'set_leave_pin')}</p>
        </Dialog>
      </section>
      <LinkButton wide icon="upload" href="/field/outbox">
        {t('set_outbox')}
      </LinkButton>
    </Screen>
  );
}
