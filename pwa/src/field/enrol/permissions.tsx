import { useSignal } from '@preact/signals';
import { spell } from '../../core/encoding/fingerprint.ts';
import { Button, Chip, formatBytes, Icon, type IconName, LanguageSwitch, Notice, Page } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { t } from '../words/setup.ts';
import { PinForm } from './pin.tsx';
import { finishSetup } from './setup.ts';

type Step = 'hello' | 'place' | 'camera' | 'storage' | 'pin';
const steps: readonly Step[] = ['hello', 'place', 'camera', 'storage', 'pin'];
const icons: Record<Step, IconName> = {
  hello: 'member',
  place: 'map',
  camera: 'camera',
  storage: 'device',
  pin: 'lock',
};

/** SetupPage asks for one thing at a time, says why first, and takes a no. */
export function SetupPage() {
  const app = phone();
  const at = useSignal(0);
  const busy = useSignal(false);
  const answer = useSignal<Partial<Record<Step, string>>>({});
  const step = steps[at.value] ?? 'hello';
  const go = () => {
    if (at.value + 1 < steps.length) at.value++;
    else finishSetup();
  };
  const ask = async () => {
    busy.value = true;
    const said = step === 'place' ? await askPlace() : step === 'camera' ? await askCamera() : await askStorage();
    answer.value = { ...answer.value, [step]: said };
    busy.value = false;
  };
  const said = answer.value[step];
  const asks = step === 'place' || step === 'camera' || step === 'storage';
  return (
    <Page
      title={t(`setup_${step}`, { name: app.member.value?.name ?? '' })}
      beside={<LanguageSwitch />}
      actions={
        step === 'pin' ? (
          <Button wide onClick={go}>
            {t('setup_pin_later')}
          </Button>
        ) : !asks || said ? (
          <Button kind="primary" wide onClick={go}>
            {t('setup_next')}
          </Button>
        ) : (
          <>
            <Button kind="primary" wide busy={busy.value} onClick={() => void ask()}>
              {t(`setup_${step}_ask`)}
            </Button>
            <Button kind="quiet" wide onClick={go}>
              {t('setup_skip')}
            </Button>
          </>
        )
      }
    >
      <p class="fd-step">
        <Icon name={icons[step]} />
        <span class="ta-soft">{t('setup_step', { n: at.value + 1, of: steps.length })}</span>
      </p>
      {step === 'hello' && <Hello />}
      {step === 'place' && (
        <>
          <p>{t('setup_place_why')}</p>
          <p class="ta-soft">{t('setup_place_never')}</p>
        </>
      )}
      {step === 'camera' && (
        <>
          <p>{t('setup_camera_why')}</p>
          <p class="ta-soft">{t('setup_camera_never')}</p>
        </>
      )}
      {step === 'storage' && <p>{t('setup_storage_why')}</p>}
      {step === 'pin' && (
        <>
          <p>{t('setup_pin_why')}</p>
          <PinForm onDone={go} />
        </>
      )}
      {said === 'yes' && (
        <Notice kind="success" title={t('setup_yes')}>
          {step === 'storage' && <p>{t('setup_storage_yes')}</p>}
        </Notice>
      )}
      {said === 'no' && step !== 'hello' && step !== 'pin' && (
        <Notice kind="warning" title={t('setup_no')}>
          <p>{t(`setup_${step}_no`)}</p>
        </Notice>
      )}
      {step === 'storage' && said && <StorageLine />}
    </Page>
  );
}

function Hello() {
  const app = phone();
  const device = app.device.value;
  return (
    <>
      <Notice kind="success" title={t('setup_enrolled')}>
        <p>{t('setup_enrolled_as', { name: app.member.value?.name ?? '' })}</p>
      </Notice>
      <p>{t('setup_not_you')}</p>
      {device && !device.pinned && (
        <Notice kind="info" title={t('setup_unpinned')}>
          <p>{t('setup_unpinned_why')}</p>
          <p class="ta-mono fd-spelt">{spell(device.root)}</p>
        </Notice>
      )}
    </>
  );
}

/** StorageLine says how much is used and whether the browser has promised to keep it. */
export function StorageLine() {
  const s = phone().storage.value;
  return (
    <p class="ta-row">
      <Chip tone={s.persisted ? 'success' : 'warning'} icon={s.persisted ? 'done' : 'caution'}>
        {t(s.persisted ? 'storage_kept' : 'storage_not_kept')}
      </Chip>
      {s.quota > 0 && (
        <span class="ta-soft ta-small">
          {t('storage_used', { used: formatBytes(s.usage), quota: formatBytes(s.quota) })}
        </span>
      )}
    </p>
  );
}

function askPlace(): Promise<string> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve('no');
    navigator.geolocation.getCurrentPosition(
      () => resolve('yes'),
      (e) => resolve(e.code === e.PERMISSION_DENIED ? 'no' : 'yes'), // asked and allowed; there is no fix indoors
      { timeout: 15_000, maximumAge: 60_000 },
    );
  });
}

async function askCamera(): Promise<string> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
    for (const track of stream.getTracks()) track.stop();
    return 'yes';
  } catch {
    return 'no';
  }
}

async function askStorage(): Promise<string> {
  return (await phone().persist()).persisted ? 'yes' : 'no';
}
