import { Button, Notice } from '../ui/index.ts';
import { isOpen, phone } from './phone.ts';
import { t } from './words/index.ts';

/**
 * Gone says that the phone's storage was emptied from outside: above every screen
 * while it was in use, and at the door when it is found so. It does not go away:
 * nothing that is written now would last.
 */
export function Gone() {
  if (!isOpen() || phone().status.value.blocked !== 'store_gone') return null;
  const inUse = phone().enrolment.value.state !== 'none';
  return (
    <div class={inUse ? 'fd-gone fd-gone--in-use' : 'fd-gone'}>
      <Notice
        kind="error"
        title={t('gone_title')}
        actions={inUse && <Button onClick={() => location.reload()}>{t('reload')}</Button>}
      >
        {inUse ? (
          <p>{t('gone_in_use')}</p>
        ) : (
          <>
            <p>{t('gone_why')}</p>
            <p>{t('gone_next')}</p>
          </>
        )}
      </Notice>
    </div>
  );
}
