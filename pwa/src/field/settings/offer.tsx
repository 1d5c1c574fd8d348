import { useSignal } from '@preact/signals';
import { Button, Notice } from '../../ui/index.ts';
import { takeUpdate, waiting } from '../update.ts';
import { t } from '../words/index.ts';

/** UpdateOffer offers a new version where nothing is half done; it is never forced. */
export function UpdateOffer() {
  const taken = useSignal(false);
  if (!waiting.value) return null;
  const take = () => {
    taken.value = true;
    takeUpdate();
  };
  return (
    <Notice
      kind="info"
      title={t('update_title')}
      actions={
        <Button busy={taken.value} onClick={take}>
          {t('update_take')}
        </Button>
      }
    >
      <p>{t('update_why')}</p>
    </Notice>
  );
}
