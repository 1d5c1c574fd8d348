import { render } from 'preact';
import { LanguageSwitch, Page } from '../ui/index.ts';
import { t } from './words/index.ts';

function Screen() {
  return (
    <Page title={t('title')} beside={<LanguageSwitch />}>
      <p>{t('soon')}</p>
    </Page>
  );
}

const root = document.getElementById('app');
if (root !== null) render(<Screen />, root);
