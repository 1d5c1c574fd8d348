import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button, Field, Notice, RadioGroup, TextArea } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved, tellSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Phrases } from '../phrases.tsx';
import { Screen } from '../screen.tsx';
import { lang, t } from '../words/index.ts';
import { Missing } from './missing.tsx';
import { useVisit } from './use.ts';

interface Draft {
  text: string;
  reservations: string;
}

/** HearingPage is 聴取書: the rep's own notes, read back to the worker, who says whether they are right. */
export function HearingPage({ visitID = '' }: { visitID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const v = useVisit(visitID);
  const draft = useSignal<Draft>({ text: '', reservations: '' });
  const confirmed = useSignal<'yes' | 'no' | undefined>(undefined);
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  const key = `hearing/${visitID}`;
  useEffect(() => {
    void app.drafts.get<Draft>(key).then((kept) => {
      if (kept && !draft.value.text) draft.value = kept;
    });
  }, [key]);
  if (v.records && !v.standing) return <Missing title={t('do_hearing')} />;
  const change = (part: Partial<Draft>) => {
    draft.value = { ...draft.value, ...part };
    void app.drafts.put(key, draft.value).catch((fault) => {
      failure.value = failureOf(fault);
    });
  };
  const ready = draft.value.text.trim() !== '' && confirmed.value !== undefined;
  const keep = async () => {
    if (!ready || busy.value) return;
    busy.value = true;
    const fields: [string, unknown][] = [
      ['text', draft.value.text.replace(/\r\n?/g, '\n')],
      ['confirmed', confirmed.value === 'yes'],
      ['language', lang.value],
    ];
    if (draft.value.reservations.trim()) fields.push(['reservations', draft.value.reservations]);
    try {
      await app.seal({ kind: 'hearing.read_back', case: v.caseID, visit: visitID, fields, consumes: [key] });
      tellSaved(t('hearing_saved'));
      route(`/field/visit/${visitID}`, true);
    } catch (fault) {
      failure.value = failureOf(fault);
      busy.value = false;
    }
  };
  return (
    <Screen
      title={t('do_hearing')}
      of={v.case}
      back={`/field/visit/${visitID}`}
      actions={
        <Button kind="primary" wide busy={busy.value} aria-disabled={!ready} onClick={() => void keep()}>
          {t('keep')}
        </Button>
      }
    >
      <NotSaved failure={failure.value} />
      <Notice kind="info">
        <p>{t('hearing_what')}</p>
      </Notice>
      <Phrases
        label={t('hearing_text')}
        hint={t('hearing_text_hint')}
        phrases={[t('hearing_1'), t('hearing_2'), t('hearing_3'), t('hearing_4')]}
        value={draft.value.text}
        max={20_000}
        required
        onInput={(text) => change({ text })}
      />
      <RadioGroup<'yes' | 'no'>
        legend={t('hearing_confirmed')}
        hint={t('hearing_confirmed_hint')}
        value={confirmed.value}
        onChange={(value) => {
          confirmed.value = value;
        }}
        choices={[
          { value: 'yes', label: t('hearing_yes') },
          { value: 'no', label: t('hearing_no') },
        ]}
      />
      <Field label={t('hearing_reservations')} hint={t('hearing_reservations_hint')} optional>
        <TextArea
          value={draft.value.reservations}
          maxLength={4000}
          onInput={(e) => change({ reservations: e.currentTarget.value })}
        />
      </Field>
    </Screen>
  );
}
