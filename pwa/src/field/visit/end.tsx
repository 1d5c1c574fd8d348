import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { inLanguage, outcomes } from '../../core/record/index.ts';
import { Button, Field, Icon, Notice, TextInput } from '../../ui/index.ts';
import { workerOf } from '../case/facts.ts';
import { NotSaved, tellSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
import { phone } from '../phone.ts';
import { Phrases } from '../phrases.tsx';
import { placeFields } from '../place/fixes.ts';
import { Here, useSampler } from '../place/here.tsx';
import { pointOf } from '../place/match.ts';
import { Screen } from '../screen.tsx';
import { lang, t } from '../words/index.ts';
import { checklist, likelyOutcome, type Wanted } from './checklist.ts';
import { endKey } from './drafts.ts';
import { type Ending, spent } from './leave.ts';
import { Missing } from './missing.tsx';
import { Pending } from './pending.tsx';
import { useVisit } from './use.ts';

/** How long leaving waits for a position. */
const patience = 4000;

const empty: Ending = { outcome: '', note: '', next: '' };

/** EndPage ends a visit: how it went, what is still missing for that, a word, sealed. It warns and never holds back. */
export function EndPage({ visitID = '' }: { visitID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const sampler = useSampler();
  const v = useVisit(visitID);
  const key = endKey(visitID);
  const { form, change, failure, seal } = useKept(key, empty);
  const busy = useSignal(false);
  const records = v.records ?? [];
  const { note, next } = form.value;
  const outcomeOf = (chosen: string) => chosen || likelyOutcome(records);
  const outcome = outcomeOf(form.value.outcome);
  if (v.records && (!v.standing || v.standing.endedAt !== undefined)) return <Missing title={t('visit_end')} />;
  const lines = checklist(outcome, records);
  const missing = lines.filter((l) => !l.done);
  const end = async () => {
    if (!outcome || busy.value) return;
    busy.value = true;
    await sampler.settle(patience);
    const sealed = await seal(async () => {
      const last = form.peek(); // what was written while the position was awaited is the end's, too
      const held = await app.visit(visitID);
      const fields: [string, unknown][] = [
        ...placeFields(sampler.sample.value, app.now(), pointOf(v.case?.facts.address_point)),
        ['outcome', outcomeOf(last.outcome)],
      ]; // which records it ends, the seal says: a photo may be on its way into one
      if (last.next.trim()) fields.push(['next', last.next.trim()]);
      if (last.note.trim()) fields.push(['note', last.note.trim()]);
      return app.seal({ kind: 'visit.ended', case: v.caseID, visit: visitID, fields, consumes: spent(visitID, held) });
    });
    if (!sealed) {
      busy.value = false; // after it has worked, a second tap is none
      return;
    }
    tellSaved(t('ended_saved'));
    void app.sync.kick();
    route(`/field/visit/${visitID}`, true);
  };
  return (
    <Screen
      title={t('visit_end')}
      of={v.case}
      back={`/field/visit/${visitID}`}
      actions={
        <Button kind="primary" wide class="fd-go" busy={busy.value} aria-disabled={!outcome} onClick={() => void end()}>
          {outcome ? t('end_now') : t('end_choose')}
        </Button>
      }
    >
      <p class="fd-who">{workerOf(v.case)}</p>
      <NotSaved failure={failure.value} />
      <Pending v={v}>
        <section class="ta-stack ta-stack--close" aria-labelledby="outcome">
          <h2 id="outcome">{t('outcome')}</h2>
          <div class="fd-tiles">
            {outcomes.map((o) => (
              <button
                key={o.code}
                type="button"
                class="fd-tile fd-tile--small"
                aria-pressed={outcome === o.code}
                onClick={() => change({ outcome: o.code })}
              >
                {inLanguage(o, lang.value)}
              </button>
            ))}
          </div>
        </section>
        {lines.length > 0 && (
          <section class="ta-stack ta-stack--close" aria-labelledby="checklist">
            <h2 id="checklist">{t('checklist')}</h2>
            <ul class="fd-checklist">
              {lines.map((l) => (
                <li key={l.wanted} class={l.done ? 'fd-checklist__done' : ''}>
                  <Icon name={l.done ? 'done' : 'caution'} label={l.done ? t('check_done') : t('check_open')} />
                  {l.done ? (
                    <span>{t(`want_${l.wanted}`)}</span>
                  ) : (
                    <a href={whereTo(l.wanted, visitID, outcome)}>{t(`want_${l.wanted}`)}</a>
                  )}
                </li>
              ))}
            </ul>
            {missing.length > 0 && <p class="ta-small ta-soft">{t('checklist_free')}</p>}
          </section>
        )}
        {outcome === 'unsafe_unknown' && (
          <Notice kind="warning" title={t('unsafe_title')}>
            <p>{t('unsafe_next')}</p>
          </Notice>
        )}
        {outcome === 'disputed' && (
          <Notice kind="warning" title={t('disputed_title')}>
            <p>{t('disputed_next')}</p>
          </Notice>
        )}
        <Phrases
          label={t('end_note')}
          phrases={[t('end_1'), t('end_2'), t('end_3')]}
          value={note}
          onInput={(value) => change({ note: value })}
        />
        <Field label={t('end_next')} optional>
          <TextInput value={next} maxLength={4000} onInput={(e) => change({ next: e.currentTarget.value })} />
        </Field>
        <Here sampler={sampler} />
      </Pending>
    </Screen>
  );
}

/** Where what is missing can still be done. */
function whereTo(wanted: Wanted, visit: string, outcome: string): string {
  const at = `/field/visit/${visit}`;
  switch (wanted) {
    case 'paper':
      return `${at}/paper/${outcome === 'lost_claimed' ? 'loss_report' : 'disposal_declaration'}`;
    case 'receipt':
      return `${at}/paper/return_receipt`;
    case 'item_photos':
      return `${at}/photo?role=badge_front`;
    case 'absence_note':
      return `${at}/absence`;
    case 'identity':
      return `${at}/identity`;
    case 'read_back':
      return `${at}/hearing`;
    default:
      return `${at}/note`;
  }
}
