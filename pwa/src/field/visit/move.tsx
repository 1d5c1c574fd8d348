import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { inLanguage } from '../../core/record/index.ts';
import { Button, Field, TextInput } from '../../ui/index.ts';
import { NotSaved, tellSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
import { phone } from '../phone.ts';
import { placeFields } from '../place/fixes.ts';
import { Here, useSampler } from '../place/here.tsx';
import { pointOf } from '../place/match.ts';
import { Screen } from '../screen.tsx';
import { lang, t } from '../words/index.ts';
import { placeKey } from './drafts.ts';
import { Missing } from './missing.tsx';
import { type PlaceCode, places } from './places.ts';
import { useVisit } from './use.ts';

/** How long a change of place waits for a position. */
const patience = 4000;

const empty: { place: PlaceCode | ''; name: string; more: number } = { place: '', name: '', more: 0 };

/** PlacePage keeps that the talk goes on somewhere else, and until when. */
export function PlacePage({ visitID = '' }: { visitID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const sampler = useSampler();
  const v = useVisit(visitID);
  const key = placeKey(visitID);
  const { form, change, failure, seal } = useKept(key, empty);
  const { place, name, more } = form.value;
  const busy = useSignal(false);
  if (v.records && !v.standing) return <Missing title={t('do_place')} />;
  const keep = async () => {
    if (!place || busy.value) return;
    busy.value = true;
    await sampler.settle(patience);
    const sealed = await seal(() => {
      const { place, name, more } = form.peek();
      const now = app.now();
      const fields: [string, unknown][] = [
        ...placeFields(sampler.sample.value, now, pointOf(v.case?.facts.address_point)),
        ['place', place],
      ];
      if (name.trim()) fields.push(['place_name', name.trim()]);
      if (more > 0) fields.push(['planned_end', now + more * 60_000]);
      return app.seal({ kind: 'place.changed', case: v.caseID, visit: visitID, fields, consumes: [key] });
    });
    if (!sealed) {
      busy.value = false; // after it has worked, a second tap is none
      return;
    }
    tellSaved(t('place_saved'));
    route(`/field/visit/${visitID}`, true);
  };
  return (
    <Screen
      title={t('do_place')}
      of={v.case}
      back={`/field/visit/${visitID}`}
      actions={
        <Button kind="primary" wide busy={busy.value} aria-disabled={!place} onClick={() => void keep()}>
          {t('keep')}
        </Button>
      }
    >
      <NotSaved failure={failure.value} />
      <Here sampler={sampler} />
      <div class="fd-tiles">
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
      <Field label={t('place_name')} hint={t('place_name_hint')} optional>
        <TextInput value={name} maxLength={200} onInput={(e) => change({ name: e.currentTarget.value })} />
      </Field>
      <section class="ta-stack ta-stack--close" aria-labelledby="until">
        <h2 id="until">{t('planned_end_new')}</h2>
        <div class="fd-tiles fd-tiles--4">
          {[30, 60, 90, 120].map((n) => (
            <button
              key={n}
              type="button"
              class="fd-tile fd-tile--small"
              aria-pressed={more === n}
              onClick={() => change({ more: more === n ? 0 : n })}
            >
              {t('minutes', { n })}
            </button>
          ))}
        </div>
      </section>
    </Screen>
  );
}
