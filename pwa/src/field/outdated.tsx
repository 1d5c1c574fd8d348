import { useSignal } from '@preact/signals';
import { Button, LanguageSwitch, Notice, Page } from '../ui/index.ts';
import { isOpen, phone } from './phone.ts';
import { renew } from './update.ts';
import { t } from './words/index.ts';

/**
 * Outdated says above every screen that a newer version of the app has taken over
 * the phone's store: another window of it was opened. What was kept stands; this
 * page keeps nothing more.
 */
export function Outdated() {
  if (!isOpen() || phone().status.value.blocked !== 'store_outdated') return null;
  return (
    <div class="fd-gone fd-gone--in-use">
      <Notice
        kind="warning"
        title={t('outdated_title')}
        actions={<Button onClick={() => location.reload()}>{t('reload')}</Button>}
      >
        <p>{t('outdated_in_use')}</p>
      </Notice>
    </div>
  );
}

/** OutdatedHere stands alone, where an older version is opened on the store of a newer one. Nothing is lost, and it says so. */
export function OutdatedHere() {
  const busy = useSignal(false);
  return (
    <Page title={t('title')} beside={<LanguageSwitch />}>
      <Notice
        kind="warning"
        title={t('outdated_title')}
        actions={
          <Button
            kind="primary"
            busy={busy.value}
            onClick={() => {
              busy.value = true;
              void renew();
            }}
          >
            {t('outdated_renew')}
          </Button>
        }
      >
        <p>{t('outdated_why')}</p>
        <p>{t('outdated_next')}</p>
      </Notice>
    </Page>
  );
}
