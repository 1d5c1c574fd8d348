import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { spell } from '../../core/encoding/fingerprint.ts';
import { parseEnrolLink } from '../../core/wire/index.ts';
import { Button, Checkbox, DescriptionList, formatDateTime, LanguageSwitch, Notice, Page } from '../../ui/index.ts';
import { session as api, type Session } from '../api.ts';
import { useAct } from '../hooks.ts';
import { listed, roleText } from '../label.ts';
import { Refused } from '../refused.tsx';
import { enter, leave, pinnedRoot, pinRoot } from '../state.ts';
import { t } from '../words/index.ts';
import { Closed } from './closed.tsx';

/** Takes code and fingerprint out of the address, so that neither stays in the history or in a picture of the screen. */
function taken(): { code: string; root: string } | undefined {
  try {
    const link = parseEnrolLink(location.hash);
    return { code: link.code, root: link.root };
  } catch {
    return undefined;
  } finally {
    history.replaceState(null, '', location.pathname);
  }
}

/** Enrol turns a one-time link into a session. Opening the page uses nothing up; pressing the button does. */
export function Enrol() {
  const [link] = useState(taken);
  const [opened, setOpened] = useState<Session | undefined>(undefined);
  if (opened) return <Welcome session={opened} />;
  return link ? (
    <Begin code={link.code} root={link.root} onOpened={setOpened} />
  ) : (
    <Closed expired={false} onOpened={setOpened} />
  );
}

function Begin({ code, root, onOpened }: { code: string; root: string; onOpened(session: Session): void }) {
  const known = pinnedRoot();
  const other = root !== '' && known !== undefined && known !== root;
  const [trusted, setTrusted] = useState(false);
  const opening = useAct();
  const begin = () =>
    opening.run(async () => {
      const session = await api.open(code);
      if (root !== '') pinRoot(root);
      onOpened(session);
    });
  return (
    <Page
      title={t('enter.title')}
      beside={<LanguageSwitch />}
      actions={
        <Button
          kind="primary"
          wide
          busy={opening.busy}
          aria-disabled={other && !trusted ? true : undefined}
          onClick={begin}
        >
          {t('enter.begin')}
        </Button>
      }
    >
      <p>{t('enter.link_hint')}</p>
      {other && (
        <Notice kind="error" title={t('enter.other_root')}>
          <p>{t('enter.other_root_hint')}</p>
          <Checkbox checked={trusted} onChange={setTrusted}>
            {t('enter.trust_new')}
          </Checkbox>
        </Notice>
      )}
      {opening.refusal?.code === 'forbidden' ? (
        <Notice kind="warning" title={t('enter.not_office')}>
          {t('enter.not_office_hint')}
        </Notice>
      ) : (
        <Refused refusal={opening.refusal} />
      )}
      {root !== '' && <DescriptionList items={[{ term: t('enter.fingerprint'), value: <code>{spell(root)}</code> }]} />}
    </Page>
  );
}

/** Welcome says whose session this is before anything of a case is shown. */
function Welcome({ session }: { session: Session }) {
  const { route } = useLocation();
  const starting = useAct();
  useEffect(() => {
    void enter(session);
  }, [session]);
  const { name, roles } = session.member;
  return (
    <Page
      title={t('enter.welcome', { name })}
      beside={<LanguageSwitch />}
      actions={
        <>
          <Button
            kind="primary"
            wide
            busy={starting.busy}
            onClick={() => starting.run(() => enter(session).then(() => route('/office', true)))}
          >
            {t('enter.start')}
          </Button>
          <Button kind="quiet" wide onClick={() => void leave().finally(() => route('/office', true))}>
            {t('signout')}
          </Button>
        </>
      }
    >
      <p>{t('enter.welcome_hint')}</p>
      <DescriptionList
        items={[
          { term: t('enter.roles'), value: listed(roles.map(roleText)) },
          { term: t('enter.until'), value: formatDateTime(session.expires_at) },
        ]}
      />
    </Page>
  );
}
