import { useSignal } from '@preact/signals';
import type { Case } from '../../core/history/index.ts';
import { inLanguage, labelOf, states } from '../../core/record/index.ts';
import type { OutboxRecord } from '../../engine/index.ts';
import {
  Chip,
  Field,
  formatDateTime,
  formatDay,
  formatTime,
  Icon,
  isWayBack,
  LinkButton,
  Notice,
  TextInput,
  Unroll,
} from '../../ui/index.ts';
import { fact, workerOf } from '../case/facts.ts';
import { JustSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { UpdateOffer } from '../settings/offer.tsx';
import { useNow } from '../use.ts';
import { lang, t } from '../words/index.ts';
import { Near, whereabouts } from './near.tsx';
import { inSteps, type Row, rows, search, type Tries, tries } from './order.ts';

const minute = 60_000;
/** So many cases are found by looking. */
const few = 8;

/** What was looked for last, and by whom: it is there again for who comes back from a case. */
let asked = { by: '', words: '' };

/** Today is what there is to do, most urgent first; a visit that is not over stands above everything. */
export function Today() {
  const app = phone();
  const now = useNow(minute);
  const me = app.member.value?.id ?? '';
  const query = useSignal(isWayBack() && asked.by === me ? asked.words : '');
  const open = app.visits.value.find((v) => v.endedAt === undefined);
  /** What this member has not sent from an enrolment before: its PIN was forgotten. */
  const left = app.members.value
    .filter((m) => !m.current && m.id === app.member.value?.id)
    .reduce((n, m) => n + m.unsent, 0);
  const unsent = new Map<string, number>();
  const told = new Map<string, OutboxRecord[]>();
  for (const item of app.outbox.value.items) {
    if (item.kind === 'contact.logged') told.set(item.case, [...(told.get(item.case) ?? []), item]);
    const n = (item.state === 'received' ? 0 : 1) + item.blobs.filter((b) => b.state !== 'received').length;
    if (n > 0) unsent.set(item.case, (unsent.get(item.case) ?? 0) + n);
  }
  const all = rows(app.cases.list.value, new Set(open ? [open.case] : []), unsent, now, whereabouts.value);
  const tried = (c: Case) => tries(c, told.get(c.id) ?? [], app.visits.value);
  const shown = search(all, query.value);
  return (
    <Screen
      title={t('today_title')}
      beside={
        <a class="fd-icon-link" href="/field/settings" aria-label={t('settings_title')}>
          <Icon name="settings" />
        </a>
      }
    >
      <JustSaved />
      {open && (
        <a class="fd-resume" href={`/field/visit/${open.visit}`}>
          <span class="fd-resume__mark">{t('resume')}</span>
          <strong>{t('resume_visit', { name: workerOf(app.cases.get(open.case)) || t('someone') })}</strong>
          <span>{t('resume_since', { at: formatDateTime(open.startedAt) })}</span>
          <Icon name="next" />
        </a>
      )}
      <UpdateOffer />
      {left > 0 && (
        <Notice kind="info" title={t('left_behind', { n: left })}>
          <p>{t('left_behind_why')}</p>
        </Notice>
      )}
      {app.clock.value.wrong && (
        <Notice kind="warning" title={t('clock_wrong')}>
          <p>{t('clock_wrong_why')}</p>
        </Notice>
      )}
      {all.length > few && (
        <Field label={t('search')}>
          <TextInput
            type="search"
            enterkeyhint="search"
            value={query.value}
            onInput={(e) => {
              query.value = e.currentTarget.value;
              asked = { by: me, words: query.value };
            }}
          />
        </Field>
      )}
      {all.filter((r) => r.case.facts.address_point !== undefined).length > 1 && <Near />}
      {all.length === 0 ? (
        <Empty />
      ) : shown.length === 0 ? (
        <p class="ta-empty">{t('search_none')}</p>
      ) : (
        <Unroll
          name="today"
          label={t('cases')}
          items={shown}
          draw={(r: Row) => <Card key={r.case.id} row={r} tried={tried(r.case)} />}
          tall={150}
        />
      )}
    </Screen>
  );
}

function Card({ row, tried }: { row: Row; tried: Tries }) {
  const c = row.case;
  return (
    <a class="fd-card" href={`/field/case/${c.id}`}>
      <span class="fd-card__chips">
        {row.visiting && (
          <Chip tone="accent" icon="door">
            {t('visiting')}
          </Chip>
        )}
        {row.returned && (
          <Chip tone="warning" icon="replay">
            {t('returned')}
          </Chip>
        )}
        {c.practice && <Chip tone="warning">{t('practice')}</Chip>}
        <Due dueIn={row.dueIn} />
        {row.away !== undefined && <Chip icon="map">{t('away', { distance: inSteps(row.away) })}</Chip>}
        {!row.visiting && <Chip>{inLanguage(labelOf(states, c.state), lang.value)}</Chip>}
        {row.unsent > 0 && <Chip icon="upload">{t('unsent_n', { n: row.unsent })}</Chip>}
      </span>
      <strong class="fd-card__name">{workerOf(c) || t('someone')}</strong>
      <span class="fd-card__line">{[fact(c, 'client'), fact(c, 'item')].filter(Boolean).join(' ・ ')}</span>
      <span class="fd-card__line ta-soft">
        {t('tries', { attempts: tried.attempts, visits: tried.visits })}
        {tried.last > 0 && ` ・ ${t('last_contact', { at: sameDay(tried.last) })}`}
      </span>
    </a>
  );
}

/** A time of today, or the day it was on. */
function sameDay(at: number): string {
  return formatDay(at) === formatDay(phone().now()) ? formatTime(at) : formatDay(at);
}

/** Due says how urgent it is; late is a caution, not a loss. */
export function Due({ dueIn }: { dueIn: number | undefined }) {
  if (dueIn === undefined) return null;
  if (dueIn < 0)
    return (
      <Chip tone="warning" icon="clock">
        {t('due_late', { n: -dueIn })}
      </Chip>
    );
  if (dueIn === 0)
    return (
      <Chip tone="warning" icon="clock">
        {t('due_today')}
      </Chip>
    );
  return <Chip icon="clock">{t('due_in', { n: dueIn })}</Chip>;
}

function Empty() {
  return (
    <div class="ta-empty">
      <p>{t('cases_none')}</p>
      <p class="ta-small">{t('cases_none_next')}</p>
      <p>
        <LinkButton href="/field/outbox" icon="refresh">
          {t('outbox_title')}
        </LinkButton>
      </p>
    </div>
  );
}
