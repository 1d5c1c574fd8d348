import { LanguageSwitch, Notice, Page } from '../../ui/index.ts';
import { t } from '../words/setup.ts';

/** InstallPage is all that an iPhone's browser tab shows: how to get the app onto the home screen, and the code to type there. */
export function InstallPage() {
  const code = /^#([0-9A-Z]{12})\./.exec(location.hash)?.[1]?.replace(/^(.{4})(.{4})(.{4})$/, '$1-$2-$3');
  return (
    <Page title={t('install_title')} beside={<LanguageSwitch />}>
      <p>{t('install_why')}</p>
      <ol class="fd-steps">
        <li>{t('install_1')}</li>
        <li>{t('install_2')}</li>
        <li>{t('install_3')}</li>
      </ol>
      {code && (
        <Notice kind="info" title={t('install_code')}>
          <p class="fd-code fd-code--shown">{code}</p>
        </Notice>
      )}
    </Page>
  );
}
