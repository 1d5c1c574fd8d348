import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button, Chip, formatDateTime, formatTime, Icon, type IconName, LinkButton, Page } from '../../ui/index.ts';
import type { InboxVisit } from '../api.ts';
import { useKeys, useLoaded, useNow, useRefresh } from '../hooks.ts';
import { agoText, outcomeText } from '../label.ts';
import { Until } from '../refused.tsx';
import { may, nameOf, refreshWaiting, waiting } from '../state.ts';
import { type Key, t } from '../words/index.ts';
import { type Group, groupOf, ordered, visitPath } from './order.ts';

/** As many lines as are drawn at once; more on demand, so that a long absence does not make the page slow. */
const window = 60;

const heads: Record<Group, { title: Key; hint?: Key }> = {
  late: { title: 'inbox.late', hint: 'inbox.late_hint' },
  complete: { title: 'inbox.complete' },
  pending: { title: 'inbox.pending', hint: 'inbox.pending_hint' },
};

/** InboxPage is 審査箱: the visits that wait for a decision, and what else waits. */
export function InboxPage() {
  const loaded = useLoaded(refreshWaiting, []);
  useRefresh(loaded.reload, 60_000);
  return (
    <Page
      title={t('inbox.title')}
      beside={
        <span class="ta-row">
          {loaded.at > 0 && (
            <span class="ta-small ta-soft office-wide">{t('updated', { time: formatTime(loaded.at) })}</span>
          )}
          <Button kind="quiet" icon="refresh" busy={loaded.loading && loaded.at > 0} onClick={loaded.reload}>
            {t('reload')}
          </Button>
        </span>
      }
    >
      <Until loaded={loaded}>{() => <Waiting />}</Until>
    </Page>
  );
}

function Waiting() {
  const w = waiting.value;
  if (!w) return null;
  return (
    <>
      {w.approvals > 0 && (
        <Door href="/office/disclosures" icon="send" words={t('inbox.approvals', { n: w.approvals })} />
      )}
      {w.quarantine > 0 && (
        <Door href="/office/quarantine" icon="caution" words={t('inbox.quarantine', { n: w.quarantine })} />
      )}
      {w.cursor && <p class="ta-small ta-soft">{t('inbox.there_are_more', { n: w.visits.length })}</p>}
      {w.visits.length === 0 ? <Empty /> : <Visits visits={ordered(w.visits)} />}
    </>
  );
}

/** Door leads to what waits elsewhere. */
function Door({ href, icon, words }: { href: string; icon: IconName; words: string }) {
  return (
    <a class="office-door" href={href}>
      <Icon name={icon} />
      <span>{words}</span>
      <Icon name="next" />
    </a>
  );
}

function Empty() {
  return (
    <div class="ta-empty ta-stack">
      <h2>{t('inbox.empty')}</h2>
      <p>{t('inbox.empty_hint')}</p>
      {may('reviewer') && (
        <div class="ta-row office-center">
          <LinkButton href="/office/cases/new" icon="plus">
            {t('inbox.new_case')}
          </LinkButton>
        </div>
      )}
    </div>
  );
}

function Visits({ visits }: { visits: readonly InboxVisit[] }) {
  const { route } = useLocation();
  const [at, setAt] = useState(0);
  const [most, setMost] = useState(window);
  const current = visits[Math.min(at, visits.length - 1)];
  const move = (step: number) => {
    const next = Math.max(0, Math.min(visits.length - 1, at + step));
    setAt(next);
    if (next >= most) setMost(most + window);
  };
  useKeys({ j: () => move(1), k: () => move(-1), enter: current && (() => route(visitPath(current))) });
  useEffect(() => {
    if (at > 0) document.querySelector('.office-visit[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const shown = visits.slice(0, most);
  const groups = (['late', 'complete', 'pending'] as const).map(
    (g) => [g, shown.filter((v) => groupOf(v) === g)] as const,
  );
  return (
    <>
      {groups.map(([group, list]) =>
        list.length === 0 ? null : (
          <section key={group} class="ta-stack ta-stack--close">
            <h2>{t(heads[group].title)}</h2>
            {heads[group].hint && <p class="ta-small ta-soft">{t(heads[group].hint as Key)}</p>}
            <ul class="office-visits" aria-label={t(heads[group].title)}>
              {list.map((v) => (
                <Visit key={v.visit} visit={v} current={v === current} />
              ))}
            </ul>
          </section>
        ),
      )}
      {most < visits.length && (
        <Button wide onClick={() => setMost(most + window)}>
          {t('more')}
        </Button>
      )}
      <p class="ta-small ta-soft office-wide">{t('inbox.keys')}</p>
    </>
  );
}

function Visit({ visit: v, current }: { visit: InboxVisit; current: boolean }) {
  const now = useNow();
  const end = v.ended_at ?? v.started_at;
  return (
    <li>
      <a class="office-visit" href={visitPath(v)} aria-current={current ? 'true' : undefined}>
        <span class="office-visit__who">
          <strong>{v.worker_name || t('unknown')}</strong>
          <span class="ta-small ta-soft">{v.number}</span>
        </span>
        <span class="office-visit__what">
          {v.outcome ? outcomeText(v.outcome) : t('inbox.ongoing')}
          <span class="ta-small ta-soft">{[v.item, v.client].filter((s) => s !== '').join('・')}</span>
        </span>
        <span class="office-visit__when ta-small">
          <span>
            {v.ended_at
              ? t('inbox.ended', { time: formatDateTime(v.ended_at) })
              : t('inbox.started', { time: formatDateTime(v.started_at) })}
          </span>
          <span class="ta-soft">
            {nameOf(v.actor)}・{agoText(end, now)}
          </span>
        </span>
        <span class="office-visit__marks">
          {v.late && (
            <Chip tone="warning" icon="clock">
              {t('inbox.overdue')}
            </Chip>
          )}
          {!v.complete && v.ended_at !== undefined && <Chip tone="warning">{t('inbox.incomplete')}</Chip>}
          {v.review === 'held' && <Chip>{t('inbox.held')}</Chip>}
          {v.review === 'returned' && <Chip>{t('inbox.returned')}</Chip>}
          {v.flags > 0 && (
            <Chip tone="warning" icon="flag">
              {t('inbox.flags', { n: v.flags })}
            </Chip>
          )}
        </span>
      </a>
    </li>
  );
}
