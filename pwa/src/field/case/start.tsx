import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { inLanguage } from '../../core/record/index.ts';
import { Button, Field, formatTime, Icon, LinkButton, Notice, TextInput } from '../../ui/index.ts';
import { NotSaved, showFirstFault } from '../failure.tsx';
import { useKept } from '../kept.ts';
import { phone } from '../phone.ts';
import { Phrases } from '../phrases.tsx';
import { placeFields } from '../place/fixes.ts';
import { Here, useSampler } from '../place/here.tsx';
import { pointOf } from '../place/match.ts';
import { inForce } from '../policy.ts';
import { Screen } from '../screen.tsx';
import { useNow, useOwn } from '../use.ts';
import { type Explanation, keepExplanations, sealExplanations } from '../visit/began.ts';
import { Missing } from '../visit/missing.tsx';
import { type PlaceCode, places } from '../visit/places.ts';
import { lang, t } from '../words/index.ts';
import { conduct, isHours, known } from './conduct.ts';
import { ownOf, workerOf } from './facts.ts';

const plans = [30, 60, 90, 120] as const;
/** How long the start waits for a position once the rep has said that he is there. */
const patience = 6000;

interface Beginning {
  place: PlaceCode;
  placeName: string;
  /** Minutes. */
  plan: number;
  companions: string;
  /** The worker's own words. */
  agreed: string;
  /** Why a rule is overridden, by rule. */
  reasons: Record<string, string>;
  /** Device clock, ms: when it was changed last. */
  at: number;
}

const empty: Beginning = {
  place: 'doorstep',
  placeName: '',
  plan: 60,
  companions: '',
  agreed: '',
  reasons: {},
  at: 0,
};

/** What the worker agreed to on one evening opens no door on another: so long a beginning is kept. */
const evening = 30 * 60_000;

/** StartPage begins a visit: where, until when, what stands against it and why it is begun all the same. */
export function StartPage({ caseID = '' }: { caseID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const sampler = useSampler();
  const draft = `start/${caseID}`;
  const kept = useKept(draft, empty, (b) => Math.abs(app.now() - b.at) < evening);
  const { form, failure, seal } = kept;
  const change = (part: Partial<Beginning>) => kept.change({ ...part, at: app.now() });
  const { place, placeName, plan, companions, agreed, reasons } = form.value;
  const asked = useSignal(false);
  const waiting = useSignal(false);
  const now = useNow(10_000);
  const own = useOwn(() => ownOf(caseID), caseID);
  const c = app.cases.list.value.find((one) => one.id === caseID);
  const other = app.visits.value.find((v) => v.endedAt === undefined);
  if (!c) return <Missing title={t('visit_start')} />;
  if (!own)
    return (
      <Screen title={t('visit_start')} of={c} back={`/field/case/${caseID}`}>
        {null}
      </Screen>
    );

  const policy = inForce(app.policies.value);
  const k = known(c, own);
  const at = now + (app.clock.value.offsetMS ?? 0);
  const hasWords = agreed.trim() !== '';
  const rules = conduct(policy, k, at, hasWords);
  const mayAgree = conduct(policy, k, at, false).agreementHelps;
  const toExplain = rules.findings.filter((f) => f.level === 'warn' && !(hasWords && isHours(policy, f.rule)));
  const unexplained = toExplain.filter((f) => !reasons[f.rule]?.trim());

  const begin = async () => {
    asked.value = true;
    if (waiting.value) return;
    if (rules.level === 'block' || unexplained.length > 0) {
      showFirstFault();
      return;
    }
    waiting.value = true;
    failure.value = '';
    await sampler.settle(patience);
    const start = app.now();
    const visit = app.newID();
    const sealed = await seal(async () => {
      const { place, placeName, plan, companions, agreed, reasons } = form.peek(); // as they are when the position is here
      const hasWords = agreed.trim() !== '';
      const explanations: Explanation[] = rules.findings.map((f) => ({
        rule: f.rule,
        explanation: (hasWords && isHours(policy, f.rule) ? agreed : (reasons[f.rule] ?? '')).trim(),
      }));
      await keepExplanations(visit, explanations);
      const fields: [string, unknown][] = [
        ...placeFields(sampler.sample.value, start, pointOf(c.facts.address_point)),
        ['place', place],
        ['planned_end', start + plan * 60_000],
      ];
      if (placeName.trim()) fields.push(['place_name', placeName.trim()]);
      if (hasWords) fields.push(['agreed_hours', agreed.trim()]);
      const names = companions
        .split(/[、,\n]/)
        .map((n) => n.trim())
        .filter(Boolean);
      if (names.length > 0)
        fields.push(['companions', names.slice(0, 20).map((name) => ({ name: name.slice(0, 200) }))]);
      return app.seal({ kind: 'visit.started', case: c.id, visit, fields, consumes: [draft] });
    });
    if (!sealed) {
      waiting.value = false; // after it has worked, a second tap is none
      return;
    }
    sampler.stop();
    await sealExplanations(c.id, visit).catch(() => undefined); // the visit's page tries again
    route(`/field/visit/${visit}`, true);
  };

  if (other) {
    return (
      <Screen title={t('visit_start')} of={c} back={`/field/case/${c.id}`}>
        <Notice kind="warning" title={t('other_visit_open')}>
          <p>{t('other_visit_end_first', { name: workerOf(app.cases.get(other.case)) })}</p>
        </Notice>
        <LinkButton kind="primary" wide href={`/field/visit/${other.visit}`}>
          {t('visit_continue')}
        </LinkButton>
      </Screen>
    );
  }
  const blocked = rules.level === 'block';
  return (
    <Screen
      title={t('visit_start')}
      of={c}
      back={`/field/case/${c.id}`}
      actions={
        <Button
          kind={blocked ? 'secondary' : 'primary'}
          wide
          icon="door"
          class="fd-go"
          busy={waiting.value}
          onClick={() => void begin()}
        >
          {waiting.value
            ? t('start_measuring')
            : blocked
              ? t('start_blocked')
              : t('start_now', { time: formatTime(at) })}
        </Button>
      }
    >
      <p class="fd-who">{workerOf(c)}</p>
      <NotSaved failure={failure.value} />
      <Here sampler={sampler} />
      {rules.findings
        .filter((f) => f.level === 'block')
        .map((f) => (
          <Notice key={f.rule} kind="warning" title={inLanguage(f.text, lang.value)}>
            <p class="ta-small ta-soft">{inLanguage(f.source, lang.value)}</p>
          </Notice>
        ))}
      {(mayAgree || hasWords) && (
        <Phrases
          label={t('agreed_label')}
          hint={t('agreed_hint')}
          phrases={[t('agreed_1'), t('agreed_2'), t('agreed_3')]}
          value={agreed}
          error={asked.value && blocked && !hasWords ? t('agreed_missing') : undefined}
          onInput={(value) => change({ agreed: value })}
        />
      )}
      {toExplain.map((f) => (
        <section key={f.rule} class="ta-stack ta-stack--close">
          <Notice kind="warning" title={inLanguage(f.text, lang.value)}>
            <p class="ta-small ta-soft">{inLanguage(f.source, lang.value)}</p>
          </Notice>
          <Phrases
            label={t('explain_label')}
            phrases={[t('explain_1'), t('explain_2'), t('explain_3'), t('explain_4')]}
            value={reasons[f.rule] ?? ''}
            required
            error={asked.value && !reasons[f.rule]?.trim() ? t('explain_missing') : undefined}
            onInput={(value) => change({ reasons: { ...reasons, [f.rule]: value } })}
          />
        </section>
      ))}
      <section class="ta-stack ta-stack--close" aria-labelledby="where">
        <h2 id="where">{t('place')}</h2>
        <div class="fd-tiles fd-tiles--3">
          {places.map((p) => (
            <button
              key={p.code}
              type="button"
              class="fd-tile fd-tile--small"
              aria-pressed={place === p.code}
              onClick={() => change({ place: p.code })}
            >
              {inLanguage(p, lang.value)}
            </button>
          ))}
        </div>
        {place !== 'doorstep' && place !== 'common_area' && (
          <Field label={t('place_name')} optional>
            <TextInput
              value={placeName}
              maxLength={200}
              onInput={(e) => change({ placeName: e.currentTarget.value })}
            />
          </Field>
        )}
      </section>
      <section class="ta-stack ta-stack--close" aria-labelledby="until">
        <h2 id="until">{t('planned_end')}</h2>
        <p class="ta-small ta-soft">{t('planned_end_why')}</p>
        <div class="fd-tiles fd-tiles--4">
          {plans.map((n) => (
            <button
              key={n}
              type="button"
              class="fd-tile fd-tile--small"
              aria-pressed={plan === n}
              onClick={() => change({ plan: n })}
            >
              {t('minutes', { n })}
            </button>
          ))}
        </div>
      </section>
      <details class="fd-more">
        <summary>
          <Icon name="members" />
          {t('companions_title')}
        </summary>
        <Field label={t('companions')} hint={t('companions_hint')}>
          <TextInput
            value={companions}
            maxLength={1000}
            onInput={(e) => change({ companions: e.currentTarget.value })}
          />
        </Field>
      </details>
    </Screen>
  );
}
