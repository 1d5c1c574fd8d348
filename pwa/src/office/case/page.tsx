import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { type Case, type Disclosure, isClosed } from '../../core/history/index.ts';
import { Button, Chip, DescriptionList, formatDateTime, LinkButton, Notice, Page } from '../../ui/index.ts';
import { cases } from '../api.ts';
import { asks } from '../cases/facts.ts';
import { disclosureTone } from '../disclosures/state.ts';
import { useLoaded } from '../hooks.ts';
import { decisionText, itemStateText, kindText, listed, outcomeText, stateText } from '../label.ts';
import { Ask } from '../reason.tsx';
import { Until } from '../refused.tsx';
import { may, nameOf } from '../state.ts';
import { type Key, t, word } from '../words/index.ts';
import { Assign } from './assign.tsx';
import { Change } from './change.tsx';
import { Contacts } from './contacts.tsx';
import { factText } from './fact.ts';

/** CasePage is one case: what is known of it, who cares for it, and all that has happened. */
export function CasePage() {
  const { params } = useRoute();
  const id = params.case ?? '';
  const loaded = useLoaded(() => cases.read(id), [id]);
  const c = loaded.value?.case;
  const number = String(c?.facts.number ?? '');
  return (
    <Page
      title={t('case.title', { number })}
      back="/office/cases"
      beside={
        c && (
          <span class="ta-row">
            {c.practice && <Chip tone="accent">{t('cases.practice')}</Chip>}
            <Chip>{stateText(c.state)}</Chip>
          </span>
        )
      }
    >
      <Until loaded={loaded}>
        {(v) => <Sections case={v.case} disclosures={v.disclosures ?? []} reload={loaded.reload} />}
      </Until>
    </Page>
  );
}

type Open = 'assign' | 'change' | 'void' | undefined;

function Sections({ case: c, disclosures, reload }: { case: Case; disclosures: Disclosure[]; reload(): void }) {
  const [open, setOpen] = useState<Open>(undefined);
  const close = () => setOpen(undefined);
  const edits = may('reviewer') && !c.voided;
  return (
    <>
      {c.voided && <Notice kind="warning" title={t('case.voided')} />}
      {!c.opened && (
        <Notice kind="warning" title={t('case.not_opened')}>
          {t('case.not_opened_hint')}
        </Notice>
      )}
      {c.withdrawn && (
        <Notice
          kind="warning"
          title={t('case.withdrawn', { list: listed(c.withdrawn.map((s) => word(`scope.${s}`, s))) })}
        />
      )}
      <Sheet
        title="case.facts"
        beside={
          edits && (
            <>
              <Button icon="edit" onClick={() => setOpen('change')}>
                {t('case.change')}
              </Button>
              <Button icon="members" onClick={() => setOpen('assign')}>
                {t('case.assign')}
              </Button>
            </>
          )
        }
      >
        <Facts case={c} />
      </Sheet>
      <Sheet title="case.visits">
        <Visits case={c} />
      </Sheet>
      <Sheet title="case.contacts">
        <Contacts attempts={c.attempts ?? []} />
      </Sheet>
      <Sheet
        title="case.disclosures"
        beside={
          edits &&
          !c.practice && (
            <LinkButton icon="send" href={`/office/cases/${c.id}/disclose`}>
              {t('case.prepare')}
            </LinkButton>
          )
        }
      >
        <Disclosures list={disclosures} />
      </Sheet>
      <Sheet title="case.history">
        <History case={c} />
      </Sheet>
      {edits && !isClosed(c) && (
        <details class="ta-sheet">
          <summary>{t('case.more')}</summary>
          <p class="ta-small ta-soft">{t('case.void_hint')}</p>
          <Button icon="delete" onClick={() => setOpen('void')}>
            {t('case.void')}
          </Button>
        </details>
      )}
      <Assign case={c} open={open === 'assign'} onDone={reload} onClose={close} />
      <Change case={c} open={open === 'change'} onDone={reload} onClose={close} />
      <Ask
        open={open === 'void'}
        title={t('case.void_title')}
        hint={t('case.void_hint')}
        deed={t('case.void_do')}
        kind="danger"
        reason="needed"
        act={(reason) => cases.void(c.id, reason).then(reload)}
        onClose={close}
      />
    </>
  );
}

function Sheet({ title, beside, children }: { title: Key; beside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="ta-sheet ta-stack" aria-label={t(title)}>
      <div class="ta-row ta-row--apart">
        <h2>{t(title)}</h2>
        {beside && <div class="ta-row">{beside}</div>}
      </div>
      {children}
    </section>
  );
}

function Facts({ case: c }: { case: Case }) {
  const rest = Object.keys(c.facts).filter((name) => !asks.has(name));
  const names = [...asks.keys(), ...rest].filter((name) => c.facts[name] !== undefined && name !== 'item_state');
  return (
    <DescriptionList
      items={[
        {
          term: t('case.assigned'),
          value: c.assignees?.length ? listed(c.assignees.map(nameOf)) : t('cases.unassigned'),
        },
        { term: t('case.item_state'), value: itemStateText(c.item_state.state) },
        ...names.map((name) => ({ term: word(`fact.${name}`, name), value: factText(name, c.facts[name] ?? null) })),
      ]}
    />
  );
}

function Visits({ case: c }: { case: Case }) {
  if (!c.visits?.length) return <p class="ta-soft">{t('case.no_visits')}</p>;
  return (
    <ul class="office-visits" aria-label={t('case.visits')}>
      {[...c.visits].reverse().map((v) => (
        <li key={v.visit}>
          <a class="office-visit" href={`/office/cases/${c.id}/visits/${v.visit}`}>
            <span class="office-visit__who">
              <strong>{v.outcome ? outcomeText(v.outcome) : t('inbox.ongoing')}</strong>
            </span>
            <span class="office-visit__what">{formatDateTime(v.from)}</span>
            <span class="office-visit__when ta-small">{nameOf(v.actor)}</span>
            <span class="office-visit__marks">
              {!v.complete && <Chip tone="warning">{t('inbox.incomplete')}</Chip>}
              {v.flags ? (
                <Chip tone="warning" icon="flag">
                  {t('inbox.flags', { n: v.flags })}
                </Chip>
              ) : null}
              <Chip tone={v.review === 'approved' ? 'success' : 'neutral'}>
                {v.review ? t('case.reviewed', { decision: decisionText(v.review) }) : t('case.not_reviewed')}
              </Chip>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Disclosures({ list }: { list: readonly Disclosure[] }) {
  if (list.length === 0) return <p class="ta-soft">{t('case.no_disclosures')}</p>;
  return (
    <ul class="office-visits" aria-label={t('case.disclosures')}>
      {list.map((d) => (
        <li key={d.id}>
          <a class="office-visit" href={`/office/disclosures/${d.id}`}>
            <span class="office-visit__who">
              <strong>{d.recipient?.name}</strong>
            </span>
            <span class="office-visit__what">{d.recipient?.organisation}</span>
            <span class="office-visit__when ta-small">{d.prepared && formatDateTime(d.prepared.at)}</span>
            <span class="office-visit__marks">
              <Chip tone={disclosureTone(d.state)}>{t(`disclosure.state.${d.state}`)}</Chip>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function History({ case: c }: { case: Case }) {
  const list = [...(c.records ?? [])].reverse();
  return (
    <ol class="office-history">
      {list.map((r) => (
        <li key={r.record}>
          <time class="ta-small ta-soft">{formatDateTime(r.at)}</time>
          <span>{kindText(r.kind)}</span>
          <span class="ta-small ta-soft">{nameOf(r.actor)}</span>
        </li>
      ))}
      {c.more ? <li class="ta-small ta-soft">{t('case.more_records', { n: c.more })}</li> : null}
    </ol>
  );
}
