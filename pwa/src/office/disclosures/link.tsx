import { useState } from 'preact/hooks';
import { Button, DescriptionList, formatDateTime, Notice } from '../../ui/index.ts';
import { type DisclosureRow, disclosures, type IssuedLink } from '../api.ts';
import { CopyButton } from '../copy.tsx';
import { useAct } from '../hooks.ts';
import { Ask } from '../reason.tsx';
import { Refused } from '../refused.tsx';
import { may } from '../state.ts';
import { t } from '../words/index.ts';

export interface LinkSheetProps {
  disclosure: DisclosureRow;
  done(words: string): void;
  reload(): void;
}

/** LinkSheet issues the link and shows it once, with the passcode that must go another way. */
export function LinkSheet({ disclosure: d, done, reload }: LinkSheetProps) {
  const [issued, setIssued] = useState<IssuedLink | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const issuing = useAct();
  const issue = async () => {
    setIssued(await disclosures.link(d.id));
  };
  const putAway = () => {
    setIssued(undefined);
    reload();
  };
  const live = d.state === 'approved' || d.state === 'acknowledged';
  return (
    <section class="ta-sheet ta-stack" aria-label={t('disclosure.link')}>
      <h2>{t('disclosure.link')}</h2>
      {d.state === 'prepared' && <p class="ta-soft">{t('disclosure.wait_approval')}</p>}
      {issued ? (
        <Issued issued={issued} putAway={putAway} />
      ) : (
        <>
          <State disclosure={d} done={done} />
          {live && may('reviewer') && (
            <div class="ta-row">
              <Button
                kind={d.link ? 'secondary' : 'primary'}
                icon="link"
                busy={issuing.busy}
                onClick={() => (d.link ? setAsking(true) : void issuing.run(issue))}
              >
                {d.link ? t('disclosure.reissue') : t('disclosure.issue')}
              </Button>
            </div>
          )}
          <Refused refusal={issuing.refusal} />
        </>
      )}
      <Ask
        open={asking}
        title={t('disclosure.reissue_title')}
        hint={t('disclosure.reissue_hint')}
        deed={t('disclosure.reissue')}
        act={issue}
        onClose={() => setAsking(false)}
      />
    </section>
  );
}

function Issued({ issued, putAway }: { issued: IssuedLink; putAway(): void }) {
  return (
    <div class="ta-stack">
      <Notice kind="warning" title={t('disclosure.issued')}>
        {t('disclosure.issued_hint')}
      </Notice>
      <div class="office-secret">
        <h3>{t('disclosure.link_label')}</h3>
        <p id="issued-link" class="office-secret__text ta-mono">
          {issued.link}
        </p>
        <div class="ta-row">
          <CopyButton text={issued.link} label={t('disclosure.copy_link')} from="issued-link" />
        </div>
      </div>
      <div class="office-secret">
        <h3>{t('disclosure.passcode_label')}</h3>
        <p id="issued-passcode" class="office-secret__code ta-mono">
          {issued.passcode.replace(/^(\d{4})(\d{4})$/, '$1 $2')}
        </p>
        <div class="ta-row">
          <CopyButton text={issued.passcode} label={t('disclosure.copy_passcode')} from="issued-passcode" />
        </div>
      </div>
      <p class="ta-small ta-soft">{t('disclosure.valid_until', { when: formatDateTime(issued.expires_at) })}</p>
      <div class="ta-row">
        <Button onClick={putAway}>{t('disclosure.put_away')}</Button>
      </div>
    </div>
  );
}

/** State is how a link that was issued stands. */
function State({ disclosure: d, done }: { disclosure: DisclosureRow; done(words: string): void }) {
  const unlocking = useAct();
  const l = d.link;
  if (!l) return d.state === 'prepared' ? null : <p class="ta-soft">{t('disclosure.not_issued')}</p>;
  const unlock = async () => {
    await disclosures.unlock(d.id);
    done(t('disclosure.done_unlocked'));
  };
  return (
    <>
      {l.locked && (
        <Notice
          kind="warning"
          title={t('disclosure.locked')}
          actions={
            may('reviewer', 'approver') && (
              <Button icon="unlock" busy={unlocking.busy} onClick={() => unlocking.run(unlock)}>
                {t('disclosure.unlock')}
              </Button>
            )
          }
        >
          {t('disclosure.locked_hint')}
        </Notice>
      )}
      {!l.locked && l.paused_until !== undefined && l.paused_until > Date.now() && (
        <Notice kind="warning">{t('disclosure.paused', { when: formatDateTime(l.paused_until) })}</Notice>
      )}
      <DescriptionList
        items={[
          { term: t('disclosure.issued_at'), value: formatDateTime(l.issued_at) },
          { term: t('disclosure.expires'), value: formatDateTime(l.expires_at) },
          { term: t('disclosure.views_left'), value: t('disclosure.times', { n: l.views_left }) },
          l.wrong > 0 && { term: t('disclosure.wrong'), value: t('disclosure.times', { n: l.wrong }) },
        ]}
      />
      <Refused refusal={unlocking.refusal} />
    </>
  );
}
