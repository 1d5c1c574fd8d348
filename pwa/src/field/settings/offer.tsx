import { Button, Notice } from '../../ui/index.ts';
import { takeUpdate, waiting } from '../update.ts';
import { t } from '../words/index.ts';

/** UpdateOffer offers a new version where nothing is half done; it is never forced. */
export function UpdateOffer() {
  if (!waiting.value) return null;
  return (
    <Notice kind="info" title={t('update_title')} actions={<Button onClick={takeUpdate}>{t('update_take')}</Button>}>
      <p>{t('update_why')}</p>
    </Notice>
  );
}
