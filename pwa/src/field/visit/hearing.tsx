import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { Button, Field, Notice, RadioGroup, TextArea } from '../../ui/index.ts';
import { NotSaved, tellSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
import { phone } from '../phone.ts';
import { Phrases } from '../phrases.tsx';
import { Screen } from '../screen.tsx';
import { lang, t } from '../words/index.ts';
import { Missing } from './missing.tsx';
import { useVisit } from './use.ts';

const empty: { text: string; reservations: string; confirmed: 'yes' | 'no' | '' } = {
  text: '',
  reservations: '',
  confirmed: '',
};

/** HearingPage is 聴取書: the rep's own notes, read back to the worker, who says whether they are right. */
export function HearingPage({ visitID = '' }: { visitID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const v = useVisit(visitID);
  const key = `hearing/${visitID}`;
  const { form, change, failure, seal } = useKept(key, empty);
  const busy = useSignal(false);
  if (v.records && !v.standing) return <Missing title={t('do_hearing')} />;
  const { text, reservations, confirmed } = form.value;
  const ready = text.trim() !== '' && confirmed !== '';
  const keep = async () => {
    if (!ready || busy.value) return;
    busy.value = true;
    const fields: [string, unknown][] = [
      ['text', text.replace(/\r\n?/g, '\n')],
      ['confirmed', confirmed === 'yes'],
      ['language', lang.value],
    ];
    if (reservations.trim()) fields.push(['reservations', reservations]);
    const sealed = await seal(() =>
      app.seal({ kind: 'hearing.read_back', case: v.caseID, visit: visitID, fields, consumes: [key] }),
    );
    if (!sealed) {
      busy.value = false; // after it has worked, a second tap is none
      return;
    }
    tellSaved(t('hearing_saved'));
    route(`/field/visit/${visitID}`, true);
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
        value={text}
        max={20_000}
        required
        onInput={(value) => change({ text: value, confirmed: '' })} // other words are read back anew
      />
      <RadioGroup<'yes' | 'no'>
        legend={t('hearing_confirmed')}
        hint={t('hearing_confirmed_hint')}
        value={confirmed || undefined}
        onChange={(value) => change({ confirmed: value })}
        choices={[
          { value: 'yes', label: t('hearing_yes') },
          { value: 'no', label: t('hearing_no') },
        ]}
      />
      <Field label={t('hearing_reservations')} hint={t('hearing_reservations_hint')} optional>
        <TextArea
          value={reservations}
          maxLength={4000}
          onInput={(e) => change({ reservations: e.currentTarget.value })}
        />
      </Field>
    </Screen>
  );
}
