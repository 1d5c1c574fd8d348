import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { parseEnrolLink } from '../../core/wire/index.ts';
import { Button, Field, LanguageSwitch, Notice, Page, TextInput } from '../../ui/index.ts';
import { session as api, type Session } from '../api.ts';
import { useAct } from '../hooks.ts';
import { Refused } from '../refused.tsx';
import { enter, pinRoot } from '../state.ts';
import { t } from '../words/index.ts';

/** Closed is the door without a session: why it is shut, how one gets a link, and a place to type a code. */
export function Closed({ expired, onOpened }: { expired: boolean; onOpened?(session: Session): void }) {
  const { route } = useLocation();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const opening = useAct();
  const submit = async (event: Event) => {
    event.preventDefault();
    let link: { code: string; root: string };
    try {
      link = parseEnrolLink(typed);
    } catch {
      return setWrong(true);
    }
    await opening.run(async () => {
      const session = await api.open(link.code);
      if (link.root !== '') pinRoot(link.root);
      if (onOpened) return onOpened(session);
      await enter(session);
      route('/office', true);
    });
  };
  return (
    <Page title={expired ? t('enter.expired') : t('enter.closed')} beside={<LanguageSwitch />}>
      <p>{expired ? t('enter.expired_hint') : t('enter.closed_hint')}</p>
      <section class="ta-sheet ta-stack ta-stack--close">
        <h2>{t('enter.how')}</h2>
        <ul class="office-list">
          <li>{t('enter.how_admin')}</li>
          <li>{t('enter.how_first')}</li>
        </ul>
      </section>
      <form class="ta-sheet ta-stack" onSubmit={submit} noValidate>
        <h2>{t('enter.code')}</h2>
        <Field label={t('enter.code_label')} hint={t('enter.code_hint')} error={wrong ? t('enter.code_wrong') : ''}>
          <TextInput
            value={typed}
            spellcheck={false}
            autocapitalize="characters"
            maxLength={300}
            onInput={(e) => {
              setTyped(e.currentTarget.value);
              setWrong(false);
            }}
          />
        </Field>
        {opening.refusal?.code === 'forbidden' ? (
          <Notice kind="warning" title={t('enter.not_office')}>
            {t('enter.not_office_hint')}
          </Notice>
        ) : (
          <Refused refusal={opening.refusal} />
        )}
        <div class="ta-row">
          <Button type="submit" kind="primary" busy={opening.busy}>
            {t('enter.begin')}
          </Button>
        </div>
      </form>
    </Page>
  );
}
