import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { lazy } from 'preact-iso';
import { EngineError, type Unfit } from '../../engine/index.ts';
import { Button, Field, LanguageSwitch, LinkButton, Notice, Page, TextInput } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { t } from '../words/setup.ts';
import { deviceLabel, isInstalled } from './platform.ts';

const Scanner = lazy(() => import('./scanner.tsx').then((m) => m.Scanner));

type Fault = 'code' | 'root' | 'offline' | 'used' | 'store' | 'other';

/** EnrolPage makes this phone one of the agency's: by a link that was opened, a code that is scanned, or one that is typed. */
export function EnrolPage() {
  const app = phone();
  const code = useSignal('');
  const label = useSignal(deviceLabel(navigator.userAgent));
  const scanning = useSignal(false);
  const busy = useSignal(false);
  const fault = useSignal<Fault | ''>('');
  /** Another person is to work on this phone, too. */
  const more = useSignal(false);
  const unfit = useSignal<Unfit>('');
  useEffect(() => {
    void app.unfitness().then((why) => {
      unfit.value = why;
    });
  }, []);
  useEffect(() => {
    // The code is a secret for ten minutes: it leaves the address bar, and the history, as soon as it was read.
    if (location.hash.length > 1) {
      code.value = location.href;
      history.replaceState(null, '', location.pathname);
    }
  }, []);
  const enrol = async (linkOrCode: string) => {
    if (busy.value || !linkOrCode.trim()) return;
    busy.value = true;
    fault.value = '';
    try {
      await app.enrol(linkOrCode.trim(), label.value.trim() || deviceLabel(navigator.userAgent));
      history.replaceState(null, '', '/field/'); // with its slash: only what is below it is kept for when there is no network
    } catch (cause) {
      fault.value = faultOf(cause);
    }
    busy.value = false;
  };
  const byLink = code.value.includes('#');
  if (app.enrolment.value.state === 'enrolled' && !more.value) {
    return (
      <Page title={t('enrol_title')} back="/field">
        <Notice kind="success" title={t('enrol_already', { name: app.member.value?.name ?? '' })}>
          <p>{t(byLink ? 'enrol_already_link' : 'enrol_already_next')}</p>
        </Notice>
        {byLink && (
          <Button wide onClick={() => void enrol(code.value)} busy={busy.value}>
            {t('enrol_again')}
          </Button>
        )}
        <LinkButton kind="primary" wide href="/field/">
          {t('to_today')}
        </LinkButton>
        {!byLink && (
          <Button
            wide
            icon="members"
            onClick={() => {
              more.value = true;
            }}
          >
            {t('enrol_person')}
          </Button>
        )}
      </Page>
    );
  }
  if (unfit.value) {
    return (
      <Page title={t('enrol_title')} beside={<LanguageSwitch />}>
        <Notice kind="error" title={t(`unfit_${unfit.value}`)}>
          <p>{t(`unfit_next_${unfit.value}`)}</p>
        </Notice>
      </Page>
    );
  }
  if (scanning.value) {
    return (
      <Scanner
        onFound={(text) => {
          scanning.value = false;
          code.value = text;
          void enrol(text);
        }}
        onClose={() => {
          scanning.value = false;
        }}
      />
    );
  }
  return (
    <Page
      title={t('enrol_title')}
      beside={<LanguageSwitch />}
      {...(app.enrolment.value.state === 'none' ? {} : { back: '/field/' })}
      actions={
        <Button
          kind="primary"
          wide
          busy={busy.value}
          aria-disabled={!code.value.trim()}
          onClick={() => void enrol(code.value)}
        >
          {t('enrol_go')}
        </Button>
      }
    >
      <p>{t('enrol_what')}</p>
      {app.enrolment.value.state !== 'none' && <p class="ta-soft">{t('enrol_apart')}</p>}
      {!isInstalled() && (
        <Notice kind="warning" title={t('tab_title')}>
          <p>{t('tab_why')}</p>
        </Notice>
      )}
      {fault.value && (
        <Notice kind="warning" title={t(`enrol_fault_${fault.value}`)}>
          <p>{t(`enrol_next_${fault.value}`)}</p>
        </Notice>
      )}
      {byLink ? (
        <Notice kind="info" title={t('enrol_link_read')}>
          <p>{t('enrol_link_next')}</p>
          <p>
            <Button
              kind="quiet"
              onClick={() => {
                code.value = '';
              }}
            >
              {t('enrol_other')}
            </Button>
          </p>
        </Notice>
      ) : (
        <>
          <Button
            wide
            icon="qr"
            onClick={() => {
              scanning.value = true;
            }}
          >
            {t('enrol_scan')}
          </Button>
          <Field label={t('enrol_code')} hint={t('enrol_code_hint')}>
            <TextInput
              class="fd-code"
              value={code.value}
              autocapitalize="characters"
              spellcheck={false}
              enterkeyhint="go"
              maxLength={200}
              onInput={(e) => {
                code.value = e.currentTarget.value;
              }}
              onKeyDown={(e) => {
                if (e.key === 'Enter' && !e.isComposing) void enrol(code.value);
              }}
            />
          </Field>
        </>
      )}
      <Field label={t('enrol_label')} hint={t('enrol_label_hint')}>
        <TextInput
          value={label.value}
          maxLength={60}
          onInput={(e) => {
            label.value = e.currentTarget.value;
          }}
        />
      </Field>
    </Page>
  );
}

function faultOf(cause: unknown): Fault {
  if (!(cause instanceof EngineError)) return 'other';
  if (cause.code === 'code' || cause.code === 'root' || cause.code === 'offline') return cause.code;
  if (cause.code === 'refused') return cause.problem.startsWith('enrolment_code') ? 'used' : 'other';
  return cause.code === 'store' || cause.code === 'quota' ? 'store' : 'other';
}
