import type { Case } from '../../core/history/index.ts';
import { channels, contactResults, inLanguage, labelOf, outcomes, states } from '../../core/record/index.ts';
import type { HeldRecord } from '../../engine/index.ts';
import { Chip, DescriptionList, formatDateTime, Icon, LinkButton, Notice } from '../../ui/index.ts';
import { isApple } from '../enrol/platform.ts';
import { JustSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { inForce } from '../policy.ts';
import { Screen } from '../screen.tsx';
import { daysUntil, isReturned } from '../today/order.ts';
import { Due } from '../today/today.tsx';
import { useNow, useOwn } from '../use.ts';
import { Missing } from '../visit/missing.tsx';
import { lang, t } from '../words/index.ts';
import { conduct, known, type Own } from './conduct.ts';
import { contactsOf, dayOf, fact, occurredOf, ownOf, said, workerOf } from './facts.ts';
import { Steps } from './steps.tsx';

/** CasePage is all that a rep needs on the way: who, where, what, what was tried, and whether he may go now. */
export function CasePage({ caseID = '' }: { caseID?: string }) {
  const app = phone();
  const c = app.cases.list.value.find((one) => one.id === caseID);
  /** Null when the store does not give it: who to call and where to go is shown all the same. */
  const own = useOwn(() => ownOf(caseID).catch(() => null), caseID);
  const open = app.visits.value.find((v) => v.endedAt === undefined);
  if (!c) return <Missing title={t('case_title')} />;
  const here = open?.case === c.id;
  return (
    <Screen
      title={workerOf(c) || t('someone')}
      of={c}
      back="/field"
      beside={<Chip>{inLanguage(labelOf(states, c.state), lang.value)}</Chip>}
      actions={
        here ? (
          <LinkButton kind="primary" wide icon="door" href={`/field/visit/${open.visit}`}>
            {t('visit_continue')}
          </LinkButton>
        ) : (
          <LinkButton kind="primary" wide icon="door" href={`/field/case/${c.id}/start`}>
            {t('visit_start')}
          </LinkButton>
        )
      }
    >
      <JustSaved />
      {own !== undefined && ( // all of it at once: what is under the thumb does not move away
        <>
          <Returned of={c} />
          {open && !here && (
            <Notice kind="warning" title={t('other_visit_open')}>
              <p>
                <a href={`/field/visit/${open.visit}`}>
                  {t('other_visit_go', { name: workerOf(app.cases.get(open.case)) })}
                </a>
              </p>
            </Notice>
          )}
          {!here && own && <Rules of={c} own={own} />}
          <Facts of={c} />
          {own && <Steps of={c} own={own} />}
          <Contacts of={c} />
          <Visits of={c} />
        </>
      )}
    </Screen>
  );
}

/** Returned shows what the office has sent back, with its reason where it has come. */
export function Returned({ of: c }: { of: Case }) {
  if (!isReturned(c)) return null;
  const reason = c.visits.at(-1)?.review_reason ?? '';
  return (
    <Notice kind="warning" title={t('returned_title')}>
      {reason ? <p class="fd-quote">{reason}</p> : <p>{t('returned_no_reason')}</p>}
      <p>{t('returned_next')}</p>
    </Notice>
  );
}

function Rules({ of: c, own }: { of: Case; own: Own }) {
  const app = phone();
  const now = useNow(60_000);
  const at = now + (app.clock.value.offsetMS ?? 0);
  const { findings, level } = conduct(inForce(app.policies.value), known(c, own), at, false);
  if (level === '')
    return (
      <p class="fd-clear">
        <Icon name="done" />
        {t('conduct_clear')}
      </p>
    );
  return (
    <Notice kind="warning" title={level === 'block' ? t('conduct_block') : t('conduct_warn')}>
      <ul class="fd-plain">
        {findings.map((f) => (
          <li key={f.rule}>{inLanguage(f.text, lang.value)}</li>
        ))}
      </ul>
    </Notice>
  );
}

function Facts({ of: c }: { of: Case }) {
  const address = fact(c, 'address');
  const number = fact(c, 'worker_phone');
  const dueIn = daysUntil(c.facts.due_on, phone().now());
  const row = (term: string, name: string) => fact(c, name) !== '' && { term, value: fact(c, name) };
  const day = (term: string, name: string) => fact(c, name) !== '' && { term, value: dayOf(fact(c, name)) };
  const item = [fact(c, 'item'), fact(c, 'item_printed_no')].filter(Boolean).join(' ');
  return (
    <section class="ta-stack fd-facts">
      <div class="fd-pair">
        {number && (
          <LinkButton icon="phone" href={`tel:${number.replace(/[^0-9+]/g, '')}`}>
            {t('call')}
          </LinkButton>
        )}
        {address && (
          <LinkButton icon="map" href={mapLink(address)}>
            {t('map')}
          </LinkButton>
        )}
        <LinkButton icon="plus" href={`/field/case/${c.id}/contact`}>
          {t('contact_add')}
        </LinkButton>
      </div>
      <DescriptionList
        items={[
          row(t('fact_kana'), 'worker_kana'),
          row(t('fact_phone'), 'worker_phone'),
          row(t('fact_address'), 'address'),
          row(t('fact_client'), 'client'),
          item !== '' && { term: t('fact_item'), value: item },
          day(t('fact_lent_on'), 'item_lent_on'),
          day(t('fact_contract_end'), 'contract_end'),
          fact(c, 'due_on') !== '' && {
            term: t('fact_due'),
            value: (
              <span class="ta-row">
                {dayOf(fact(c, 'due_on'))}
                <Due dueIn={dueIn} />
              </span>
            ),
          },
          row(t('fact_number'), 'number'),
          row(t('fact_note'), 'note'),
        ]}
      />
    </section>
  );
}

/** The map of the phone's own: an address goes to it when the rep taps, and never before. */
function mapLink(address: string): string {
  return isApple() ? `maps://?q=${encodeURIComponent(address)}` : `geo:0,0?q=${encodeURIComponent(address)}`;
}

interface Logged {
  key: string;
  at: number;
  channel: string;
  result: string;
  note: string;
  received: boolean;
}

function Contacts({ of: c }: { of: Case }) {
  const mine = useOwn(() => contactsOf(c.id), c.id) ?? [];
  const here = new Map(mine.map((r) => [r.hash as string, r]));
  const list: Logged[] = [
    ...c.attempts.map((a) => ({
      key: a.record as string,
      at: a.occurred_at ?? a.at,
      channel: a.channel ?? '',
      result: a.result ?? '',
      note: noteOf(here.get(a.record)),
      received: true,
    })),
    ...mine
      .filter((r) => !c.attempts.some((a) => a.record === r.hash))
      .map((r) => ({
        key: r.hash as string,
        at: occurredOf(r),
        channel: said(r, 'channel'),
        result: said(r, 'result'),
        note: said(r, 'note'),
        received: r.state === 'received',
      })),
  ].sort((a, b) => b.at - a.at);
  return (
    <section class="ta-stack">
      <h2>{t('contacts')}</h2>
      {list.length === 0 ? (
        <p class="ta-soft">{t('contacts_none')}</p>
      ) : (
        <ol class="fd-log">
          {list.map((l) => (
            <li key={l.key}>
              <span class="fd-log__at">{formatDateTime(l.at)}</span>
              <span>
                {inLanguage(labelOf(channels, l.channel), lang.value)}：
                {inLanguage(labelOf(contactResults, l.result), lang.value)}
                {!l.received && (
                  <>
                    {' '}
                    <Chip icon="clock">{t('here_only')}</Chip>
                  </>
                )}
                {l.note && <span class="fd-log__note">{l.note}</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** The words of an attempt stand on this phone only while it holds the record. */
function noteOf(r: HeldRecord | undefined): string {
  return r ? said(r, 'note') : '';
}

function Visits({ of: c }: { of: Case }) {
  const app = phone();
  const mine = app.visits.value.filter((v) => v.case === c.id);
  const all = [
    ...c.visits.map((v) => ({
      visit: v.visit as string,
      from: v.from,
      outcome: v.outcome ?? '',
      review: v.review ?? '',
      own: mine.some((m) => m.visit === v.visit),
    })),
    ...mine
      .filter((m) => !c.visits.some((v) => v.visit === m.visit))
      .map((m) => ({ visit: m.visit as string, from: m.startedAt, outcome: '', review: '', own: true })),
  ].sort((a, b) => b.from - a.from);
  return (
    <section class="ta-stack">
      <h2>{t('visits')}</h2>
      {all.length === 0 ? (
        <p class="ta-soft">{t('visits_none')}</p>
      ) : (
        <ol class="fd-log">
          {all.map((v) => (
            <li key={v.visit}>
              <span class="fd-log__at">{formatDateTime(v.from)}</span>
              <span class="ta-row">
                {v.own ? (
                  <a href={`/field/visit/${v.visit}`}>
                    {v.outcome ? inLanguage(labelOf(outcomes, v.outcome), lang.value) : t('visit_see')}
                  </a>
                ) : v.outcome ? (
                  inLanguage(labelOf(outcomes, v.outcome), lang.value)
                ) : (
                  t('visit_other')
                )}
                {v.review && (
                  <Chip tone={v.review === 'approved' ? 'success' : 'warning'}>{t(reviewWord(v.review))}</Chip>
                )}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function reviewWord(review: string): 'review_approved' | 'review_returned' | 'review_held' {
  return review === 'approved' ? 'review_approved' : review === 'returned' ? 'review_returned' : 'review_held';
}
