import { LinkButton } from '../../ui/index.ts';
import { Screen } from '../screen.tsx';
import { t } from '../words/index.ts';

/** Missing stands in place of a case or visit that this phone does not hold. */
export function Missing({ title }: { title: string }) {
  return (
    <Screen title={title} back="/field">
      <p>{t('not_here')}</p>
      <LinkButton href="/field/" icon="home">
        {t('today_title')}
      </LinkButton>
    </Screen>
  );
}
