import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { check } from '../../core/blob/index.ts';
import type { Mark, Tally } from '../../core/history/index.ts';
import { Button, Checkbox, Chip, DescriptionList, formatDateTime, LinkButton, Notice, Page } from '../../ui/index.ts';
import { type DisclosureRow, disclosures } from '../api.ts';
import { useAct, useLoaded } from '../hooks.ts';
import { address, bytes } from '../http.ts';
import { kindText } from '../label.ts';
import { Ask } from '../reason.tsx';
import { Refused, Until } from '../refused.tsx';
import { may, nameOf, refreshWaiting, say, self } from '../state.ts';
import { t, word } from '../words/index.ts';
import { LinkSheet } from './link.tsx';
import { disclosureTone } from './state.ts';

/** DisclosurePage is one disclosure: what it hands to whom, the second person's decision, the link, and what the recipient did. */
export function DisclosurePage() {
  const { params } = useRoute();
  const id = params.id ?? '';
  const loaded = useLoaded(() => disclosures.read(id), [id]);
  const d = loaded.value;
  return (
    <Page
      title={d ? t('disclosure.title', { name: d.recipient?.name ?? '' }) : t('disclosures.title')}
      back="/office/disclosures"
      beside={d && <Chip tone={disclosureTone(d.state)}>{t(`disclosure.state.${d.state}`)}</Chip>}
    >
      <Until loaded={loaded}>{(value) => <Sheets disclosure={value} reload={loaded.reload} />}</Until>
    </Page>
  );
}

function Sheets({ disclosure: d, reload }: { disclosure: DisclosureRow; reload(): void }) {
  const [revoking, setRevoking] = useState(false);
  const done = (words: string) => {
    say(words);
    void refreshWaiting().catch(() => undefined);
    reload();
  };
  const open = d.state === 'prepared' || d.state === 'approved' || d.state === 'acknowledged';
  return (
    <>
      {d.stopped && open && (
        <Notice kind="warning" title={t('disclosure.stopped', { why: word(`problem.${d.stopped}`, d.stopped) })}>
          {word(`problem.${d.stopped}.do`, '')}
        </Notice>
      )}
      <section class="ta-sheet ta-stack" aria-label={t('disclosure.facts')}>
        <h2>{t('disclosure.facts')}</h2>
        <Facts disclosure={d} />
        <Document disclosure={d} />
        {d.state === 'prepared' && <Approval disclosure={d} done={done} />}
      </section>
      {d.state !== 'refused' && <LinkSheet disclosure={d} done={done} reload={reload} />}
      {d.state !== 'prepared' && d.state !== 'refused' && (
        <section class="ta-sheet ta-stack" aria-label={t('disclosure.reading')}>
          <h2>{t('disclosure.reading')}</h2>
          <Reading disclosure={d} />
        </section>
      )}
      {open && may('reviewer', 'approver') && (
        <div class="ta-row">
          <Button icon="close" onClick={() => setRevoking(true)}>
            {t('disclosure.revoke')}
          </Button>
        </div>
      )}
      <Ask
        open={revoking}
        title={t('disclosure.revoke_title')}
        hint={t('disclosure.revoke_hint')}
        deed={t('disclosure.revoke_do')}
        kind="danger"
        reason="needed"
        act={(reason) => disclosures.revoke(d.id, reason).then(() => done(t('disclosure.done_revoked')))}
        onClose={() => setRevoking(false)}
      />
    </>
  );
}

function Facts({ disclosure: d }: { disclosure: DisclosureRow }) {
  const who = (m: Mark | undefined) => m && t('disclosure.when', { name: nameOf(m.actor), when: formatDateTime(m.at) });
  return (
    <DescriptionList
      items={[
        {
          term: t('disclosures.case'),
          value: <a href={`/office/cases/${d.case ?? ''}`}>{`${d.number} ${d.worker_name}`}</a>,
        },
        { term: t('disclosure.organisation'), value: d.recipient?.organisation },
        d.recipient?.department && { term: t('disclosure.department'), value: d.recipient.department },
        { term: t('disclosures.recipient'), value: d.recipient?.name },
        d.recipient?.mail && { term: t('prepare.mail'), value: d.recipient.mail },
        d.purpose && { term: t('prepare.purpose'), value: d.purpose },
        { term: t('prepare.photos'), value: t('disclosure.documents_n', { n: d.photos?.length ?? 0 }) },
        { term: t('disclosure.prepared'), value: who(d.prepared) },
        d.approved && { term: t('disclosure.approved'), value: who(d.approved) },
        d.refused && { term: t('disclosure.refused'), value: who(d.refused) },
        d.expires_at !== undefined && { term: t('disclosure.expires'), value: formatDateTime(d.expires_at) },
      ].map((item) => (item ? item : false))}
    />
  );
}

/** Document opens the PDF, and compares it in this browser with the digest that was sealed when it was prepared. */
function Document({ disclosure: d }: { disclosure: DisclosureRow }) {
  const [verdict, setVerdict] = useState<'same' | 'differs' | 'unknown' | undefined>(undefined);
  const checking = useAct();
  const compare = () =>
    checking.run(async () => {
      if (!d.document) return setVerdict('unknown');
      const file = await bytes(disclosures.documentPath(d.id));
      try {
        await check(file, d.document.sha256, d.document.size);
        setVerdict('same');
      } catch {
        setVerdict('differs');
      }
    });
  return (
    <div class="ta-stack ta-stack--close">
      <div class="ta-row">
        <LinkButton icon="document" href={address(disclosures.documentPath(d.id))} target="_blank">
          {t('disclosure.pdf')}
        </LinkButton>
        <Button kind="quiet" icon="seal" busy={checking.busy} onClick={compare}>
          {t('disclosure.pdf_check')}
        </Button>
      </div>
      {verdict === 'same' && <Notice kind="success">{t('disclosure.pdf_same')}</Notice>}
      {verdict === 'differs' && <Notice kind="error" title={t('disclosure.pdf_differs')} />}
      {verdict === 'unknown' && <Notice kind="warning">{t('disclosure.pdf_unknown')}</Notice>}
      <Refused refusal={checking.refusal} />
    </div>
  );
}

function Approval({ disclosure: d, done }: { disclosure: DisclosureRow; done(words: string): void }) {
  const [asking, setAsking] = useState<'approved' | 'refused' | undefined>(undefined);
  const [seen, setSeen] = useState(false);
  if (d.prepared?.actor === self()?.id) return <Notice kind="info">{t('disclosure.own')}</Notice>;
  if (!may('approver')) return <p class="ta-soft">{t('disclosure.no_right')}</p>;
  return (
    <>
      <div class="ta-row">
        <Button kind="primary" icon="check" onClick={() => setAsking('approved')}>
          {t('disclosure.approve')}
        </Button>
        <Button onClick={() => setAsking('refused')}>{t('disclosure.refuse')}</Button>
      </div>
      <Ask
        open={asking === 'approved'}
        title={t('disclosure.approve_title')}
        hint={t('disclosure.approve_hint', {
          organisation: d.recipient?.organisation ?? '',
          name: d.recipient?.name ?? '',
        })}
        deed={t('disclosure.approve')}
        ready={seen}
        act={() => disclosures.approve([d.id], 'approved').then(() => done(t('disclosure.done_approved')))}
        onClose={() => setAsking(undefined)}
      >
        <div class="ta-row">
          <LinkButton icon="document" href={address(disclosures.documentPath(d.id))} target="_blank">
            {t('disclosure.pdf')}
          </LinkButton>
        </div>
        <Checkbox checked={seen} onChange={setSeen}>
          {t('disclosure.approve_seen')}
        </Checkbox>
      </Ask>
      <Ask
        open={asking === 'refused'}
        title={t('disclosure.refuse_title')}
        hint={t('disclosure.refuse_hint')}
        deed={t('disclosure.refuse')}
        reason="needed"
        act={(reason) => disclosures.approve([d.id], 'refused', reason).then(() => done(t('disclosure.done_refused')))}
        onClose={() => setAsking(undefined)}
      />
    </>
  );
}

function tallyText(tally: Tally | undefined): string {
  if (!tally) return t('disclosure.never');
  const [first, last] = [formatDateTime(tally.first_at), formatDateTime(tally.last_at)];
  return t('disclosure.tally', { n: tally.count, first, last });
}

/** Reading is who opened when: the sums, then each deed. */
function Reading({ disclosure: d }: { disclosure: DisclosureRow }) {
  return (
    <>
      <DescriptionList
        items={[
          { term: t('disclosure.opened'), value: tallyText(d.opened) },
          { term: t('disclosure.downloaded'), value: tallyText(d.downloaded) },
          { term: t('disclosure.asked'), value: tallyText(d.asked) },
          {
            term: t('disclosure.acknowledged'),
            value: d.acknowledged ? formatDateTime(d.acknowledged.at) : t('disclosure.never'),
          },
        ]}
      />
      {d.events && d.events.length > 0 && (
        <ol class="office-history">
          {[...d.events].reverse().map((e) => (
            <li key={e.index}>
              <time class="ta-small ta-soft">{formatDateTime(e.at)}</time>
              <span>
                {kindText(e.kind)}
                {e.question && <q class="office-said-why">{e.question}</q>}
              </span>
              <span class="ta-small ta-soft">{[e.department, e.name].filter((s) => s).join(' ')}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
