import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { inLanguage, labelOf, outcomes } from '../../core/record/index.ts';
import { Chip, formatDateTime, formatTime, Icon, type IconName, LinkButton, Notice } from '../../ui/index.ts';
import { Returned } from '../case/case.tsx';
import { workerOf } from '../case/facts.ts';
import { type Failure, failureOf, JustSaved, NotSaved } from '../failure.tsx';
import { Left } from '../paper/left.tsx';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { useNow } from '../use.ts';
import { lang, t } from '../words/index.ts';
import { sealExplanations } from './began.ts';
import { leaveAtOnce } from './leave.ts';
import { Timeline } from './list.tsx';
import { Missing } from './missing.tsx';
import { NightNotice } from './night.tsx';
import { Overdue } from './overdue.tsx';
import { Pending } from './pending.tsx';
import { fixWord, places } from './places.ts';
import { placeOf } from './timeline.ts';
import { Torch } from './torch.tsx';
import { type Held, useVisit } from './use.ts';

/** When this page was loaded: what was begun before is continued, and the screen says since when. */
const loadedAt = Date.now();

/** VisitPage is the middle of a visit: what can be done with one thumb, and everything that has been kept. */
export function VisitPage({ visitID = '' }: { visitID?: string }) {
  const v = useVisit(visitID);
  if (!v.records)
    return (
      <Screen title={t('visiting')} back="/field">
        {null}
      </Screen>
    );
  if (!v.standing) return <Missing title={t('visiting')} />;
  return v.standing.endedAt === undefined ? <Going v={v} /> : <Over v={v} />;
}

function Going({ v }: { v: Held }) {
  const app = phone();
  const { route } = useLocation();
  const failure = useSignal<Failure>('');
  const leaving = useSignal(false);
  const now = useNow(15_000);
  const s = v.standing;
  const records = v.records ?? [];
  const since = useMemo(() => (s && s.lastAt < loadedAt ? s.lastAt : 0), [v.visit]);
  const measured = records.findLast((r) => placeOf(r) !== undefined);
  const fix = measured && placeOf(measured);
  useEffect(() => {
    if (v.caseID) void sealExplanations(v.caseID, v.visit).catch(() => undefined); // tried again at the next look
  }, [v.visit, v.caseID]);
  if (!s) return null;
  const leave = async () => {
    if (leaving.value) return;
    leaving.value = true;
    try {
      await leaveAtOnce(v);
      route(`/field/visit/${v.visit}`, true);
    } catch (fault) {
      failure.value = failureOf(fault);
    }
    leaving.value = false;
  };
  const at = (path: string) => `/field/visit/${v.visit}/${path}`;
  const minutes = Math.max(0, Math.floor((now - s.startedAt) / 60_000));
  return (
    <Screen
      title={workerOf(v.case) || t('someone')}
      of={v.case}
      back={`/field/case/${v.caseID}`}
      beside={
        <Chip tone="accent" icon="door">
          {t('visiting')}
        </Chip>
      }
      actions={
        <div class="fd-ways-out">
          <button
            type="button"
            class="fd-leave"
            aria-busy={leaving.value}
            aria-describedby="leave-why"
            onClick={() => void leave()}
          >
            {t('leave')}
          </button>
          <LinkButton kind="primary" wide icon="check" href={at('end')}>
            {t('visit_end')}
          </LinkButton>
        </div>
      }
    >
      {since > 0 && (
        <Notice kind="info" title={t('resume')}>
          <p>{t('resume_here', { at: formatDateTime(s.startedAt), last: formatTime(since) })}</p>
        </Notice>
      )}
      <NotSaved failure={failure.value} />
      <JustSaved />
      <div class="fd-now">
        <p class="fd-now__facts">
          <span>
            <Icon name="clock" />
            {t('elapsed', { at: formatTime(s.startedAt), minutes })}
          </span>
          <span>
            <Icon name="map" />
            {inLanguage(labelOf(places, s.place), lang.value)}
            {fix && ` ${fixWord(fix)}`}
            {measured && fix && 'accuracy' in fix && ` ${t('measured_at', { at: formatTime(measured.at) })}`}
          </span>
          <span>
            <Icon name={s.watched ? 'eye' : 'offline'} />
            {s.watched ? t('watch_on', { at: s.plannedEnd ? formatTime(s.plannedEnd) : '' }) : t('watch_off')}
          </span>
        </p>
        <Torch />
      </div>
      <Overdue v={v} now={now} />
      <NightNotice v={v} now={now} />
      <Pending v={v}>
        <div class="fd-tiles">
          <Tile icon="camera" href={at('photo')}>
            {t('do_photo')}
          </Tile>
          <Tile icon="edit" href={at('note')}>
            {t('do_note')}
          </Tile>
          <Tile icon="sign" href={at('papers')}>
            {t('do_paper')}
          </Tile>
          <Tile icon="item" href={at('paper/return_receipt')}>
            {t('do_item')}
          </Tile>
          <Tile icon="member" href={at('identity')}>
            {t('do_identity')}
          </Tile>
          <Tile icon="message" href={at('hearing')}>
            {t('do_hearing')}
          </Tile>
          <Tile icon="map" href={at('place')}>
            {t('do_place')}
          </Tile>
          <Tile icon="phone" href={`/field/case/${v.caseID}/contact`}>
            {t('do_contact')}
          </Tile>
        </div>
        <section class="ta-stack">
          <h2>{t('timeline')}</h2>
          <Timeline records={records} />
        </section>
        <p id="leave-why" class="ta-small ta-soft">
          {t('leave_why')}
        </p>
      </Pending>
      {app.status.value.blocked === 'store_failed' && <NotSaved failure="store" />}
    </Screen>
  );
}

function Tile({ icon, href, children }: { icon: IconName; href: string; children: string }) {
  return (
    <a class="fd-tile" href={href}>
      <Icon name={icon} />
      <span>{children}</span>
    </a>
  );
}

function Over({ v }: { v: Held }) {
  const s = v.standing;
  const records = v.records ?? [];
  if (!s) return null;
  return (
    <Screen
      title={workerOf(v.case) || t('someone')}
      of={v.case}
      back={`/field/case/${v.caseID}`}
      beside={<Chip>{t('visit_over')}</Chip>}
    >
      <JustSaved />
      {v.case && <Returned of={v.case} />}
      {s.outcome === 'asked_to_leave' && s.endedAt !== undefined && Date.now() - s.endedAt < 10 * 60_000 && (
        <Notice kind="warning" title={t('left_title')}>
          <p>{t('left_next')}</p>
        </Notice>
      )}
      {(s.outcome === 'asked_to_leave' || s.outcome === 'refused') && (
        <LinkButton wide icon="message" href={`/field/case/${v.caseID}/contact?way=in_person`}>
          {t('told_not_to_come')}
        </LinkButton>
      )}
      <Pending v={v}>
        <Left v={v}>
          <p class="fd-outcome">
            <span class="ta-soft">{t('outcome')}</span>
            <strong>{s.outcome ? inLanguage(labelOf(outcomes, s.outcome), lang.value) : t('content_gone')}</strong>
            <span class="ta-soft">
              {t('from_to', { from: formatDateTime(s.startedAt), to: formatTime(s.endedAt ?? s.lastAt) })}
            </span>
          </p>
          <Timeline records={records} />
          <div class="ta-stack ta-stack--close">
            <LinkButton wide icon="edit" href={`/field/case/${v.caseID}/note`}>
              {t('note_later')}
            </LinkButton>
            <LinkButton wide icon="upload" href="/field/outbox">
              {t('outbox_title')}
            </LinkButton>
          </div>
        </Left>
      </Pending>
    </Screen>
  );
}
