import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { type Opened, text } from '../../core/record/index.ts';
import {
  Chip,
  DescriptionList,
  formatDateTime,
  formatDuration,
  formatTime,
  LinkButton,
  Notice,
  Page,
} from '../../ui/index.ts';
import { type Decision, type VisitAnswer, visits } from '../api.ts';
import { useKeys, useLoaded } from '../hooks.ts';
import { neighbour, ordered, visitPath } from '../inbox/order.ts';
import { decisionText, outcomeText } from '../label.ts';
import { Until } from '../refused.tsx';
import { nameOf, refreshWaiting, sayNext, waiting } from '../state.ts';
import { type Key, lang, t, word } from '../words/index.ts';
import { album } from './album.ts';
import { Decide } from './decide.tsx';
import { type Entry, readEntries } from './entry.ts';
import { Flags } from './flags.tsx';
import { judgeWhole } from './integrity.ts';
import { useVerification } from './judged.ts';
import { IntegrityLine, IntegrityPanel, VerdictChip } from './panel.tsx';
import { Paper } from './paper.tsx';
import { Photos } from './photos.tsx';
import { Place } from './place.tsx';
import { stands } from './rings.ts';
import { Timeline } from './timeline.tsx';

interface Loaded extends VisitAnswer {
  entries: Entry[];
}

/** VisitPage is everything that is known of one visit, verified, and the decision on it. */
export function VisitPage() {
  const { params } = useRoute();
  const [caseID, visitID] = [params.case ?? '', params.visit ?? ''];
  const loaded = useLoaded(async (): Promise<Loaded> => {
    const answer = await visits.read(caseID, visitID);
    return { ...answer, entries: await readEntries(answer.records ?? []) };
  }, [caseID, visitID]);
  const v = loaded.value;
  const worker = String(v?.case.facts.worker_name ?? '');
  const when = v?.visit.started ? formatDateTime(v.visit.started.at) : '';
  return (
    <Page
      title={v ? t('visit.of', { worker: worker || t('unknown'), when }) : t('visit.title')}
      back="/office/inbox"
      beside={v?.case.practice && <Chip tone="accent">{t('visit.practice')}</Chip>}
    >
      <Until loaded={loaded}>{(value) => <Visit key={visitID} loaded={value} reload={loaded.reload} />}</Until>
    </Page>
  );
}

const papers = ['declaration.signed', 'declaration.declined', 'item.received'];

function Visit({ loaded, reload }: { loaded: Loaded; reload(): void }) {
  const { route } = useLocation();
  const { case: c, visit: v, entries } = loaded;
  const { result, again } = useVerification(entries);
  const [bad, setBad] = useState<string[]>([]);
  const photos = useMemo(() => album(entries), [entries]);
  const opened = useMemo(() => entries.flatMap((e) => e.opened ?? []), [entries]);
  const signed = opened.filter((r) => papers.includes(r.kind));
  const list = ordered(waiting.value?.visits ?? []);
  const [next, previous] = [neighbour(list, v.visit, 1), neighbour(list, v.visit, -1)];
  const go = (to: typeof next) => to && (() => route(visitPath(to)));
  useKeys({ j: go(next), k: go(previous) });
  const decide = async (decision: Decision, reason: string) => {
    await visits.review(
      c.id,
      v.visit,
      decision,
      opened.map((r) => r.hash),
      reason,
    );
    const done = t('decide.done', { decision: decisionText(decision) });
    await refreshWaiting().catch(() => undefined);
    const left = ordered(waiting.value?.visits ?? []).filter((o) => o.visit !== v.visit);
    const follower = left.find((o) => o.visit === next?.visit) ?? left[0];
    sayNext(follower ? `${done}${lang.value === 'ja' ? '。' : '. '}${t('decide.done_next')}` : done);
    route(follower ? visitPath(follower) : '/office/inbox');
  };
  return (
    <div class="office-columns">
      <div class="ta-stack ta-stack--far">
        {c.practice && <Notice kind="info">{t('visit.practice_hint')}</Notice>}
        {bad.length > 0 && (
          <Notice kind="error" title={t('photo.some_differ', { n: bad.length })}>
            {t('integrity.some_differ_hint')}
          </Notice>
        )}
        <IntegrityLine result={result} />
        <Summary loaded={loaded} />
        <Section id="flags" title="visit.flags">
          <Flags
            caseID={c.id}
            surroundings={{ entries, case: c, devices: result?.devices ?? [], nameOf }}
            onAnswered={reload}
          />
        </Section>
        <Section id="timeline" title="visit.timeline">
          <Timeline entries={entries} judged={result?.judged} />
        </Section>
        <Section id="photos" title="visit.photos">
          <Photos
            photos={photos}
            onDiffers={(sha256) => setBad((known) => (known.includes(sha256) ? known : [...known, sha256]))}
          />
        </Section>
        {signed.length > 0 && (
          <Section id="paper" title="visit.paper">
            {signed.map((r) => (
              <Paper key={r.hash} record={r} />
            ))}
          </Section>
        )}
        <Section id="place" title="visit.place">
          <Place stands={stands(entries)} address={c.facts.address_point} />
        </Section>
        <Section id="integrity" title="visit.integrity">
          <IntegrityPanel result={result} again={again} />
        </Section>
      </div>
      <aside class="office-aside" aria-label={t('visit.decide')}>
        <div class="ta-sheet ta-stack">
          <h2>{t('visit.decide')}</h2>
          {v.review && (
            <p class="ta-small">
              {t('decide.already', {
                when: formatDateTime(v.review.at),
                name: nameOf(v.review.actor),
                decision: decisionText(v.review.decision),
              })}
              <Reason records={opened} of={v.review.record} />
            </p>
          )}
          <Decide
            records={opened.length}
            verdict={bad.length > 0 ? 'differs' : result?.verdict}
            complete={judgeWhole(entries)[0] === 'holds'}
            decide={decide}
          />
          <p class="ta-small ta-soft office-wide">{t('visit.keys')}</p>
          <nav class="ta-row" aria-label={t('visit.next')}>
            {previous && (
              <LinkButton kind="quiet" href={visitPath(previous)}>
                {t('visit.previous')}
              </LinkButton>
            )}
            {next && (
              <LinkButton kind="quiet" href={visitPath(next)}>
                {t('visit.next')}
              </LinkButton>
            )}
            <LinkButton kind="quiet" href={`/office/cases/${c.id}`}>
              {t('visit.to_case')}
            </LinkButton>
          </nav>
        </div>
      </aside>
    </div>
  );
}

/** The reason that stands in a decision's own record. */
function Reason({ records, of }: { records: readonly Opened[]; of: string }) {
  const r = records.find((r) => r.hash === of);
  const reason = r ? text(r, 'reason') : '';
  return reason === '' ? null : <q class="office-said-why">{reason}</q>;
}

function Section({ id, title, children }: { id: string; title: Key; children: ComponentChildren }) {
  return (
    <section id={id} class="ta-sheet ta-stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t(title)}</h2>
      {children}
    </section>
  );
}

function Summary({ loaded: { case: c, visit: v, entries } }: { loaded: Loaded }) {
  const [verdict, why] = judgeWhole(entries);
  const fact = (name: string) => String(c.facts[name] ?? '');
  const from = v.started?.at;
  const to = v.ended?.at;
  const before = v.ended_as && v.ended_as !== v.outcome ? v.ended_as : undefined;
  const outcome = v.outcome ? outcomeText(v.outcome) : t('visit.no_outcome');
  return (
    <Section id="summary" title="visit.facts">
      <DescriptionList
        items={[
          {
            term: t('visit.outcome'),
            value: (
              <strong>
                {before ? t('visit.outcome_changed', { now: outcome, before: outcomeText(before) }) : outcome}
              </strong>
            ),
          },
          { term: t('visit.number'), value: <a href={`/office/cases/${c.id}`}>{fact('number') || c.id}</a> },
          { term: t('visit.client'), value: fact('client') },
          { term: t('visit.item'), value: [fact('item'), fact('item_number')].filter((s) => s !== '').join(' ') },
          { term: t('visit.rep'), value: v.started ? nameOf(v.started.actor) : t('unknown') },
          from !== undefined && {
            term: t('visit.when'),
            value:
              to === undefined
                ? formatDateTime(from)
                : t('from_to', { from: formatDateTime(from), to: formatTime(to) }),
          },
          from !== undefined && to !== undefined && { term: t('visit.lasted'), value: formatDuration(to - from) },
          {
            term: t('visit.whole'),
            value: (
              <span class="ta-row">
                <VerdictChip verdict={verdict} />
                <span class="ta-small">{word(`why.${why}`, why)}</span>
              </span>
            ),
          },
        ]}
      />
    </Section>
  );
}
