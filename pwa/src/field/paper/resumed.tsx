import { formatDateTime, Icon } from '../../ui/index.ts';
import { t } from '../words/paper.ts';

/** Resumed says that a paper goes on where it was left, and since when it lies here. */
export function Resumed({ at }: { at: number }) {
  if (at === 0) return null;
  return (
    <p class="fd-clear" role="status">
      <Icon name="replay" />
      {t('resumed', { at: formatDateTime(at) })}
    </p>
  );
}
