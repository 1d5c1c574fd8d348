import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { Button, Field, Notice, RadioGroup, TextInput } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved, tellSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { t } from '../words/index.ts';
import { Missing } from './missing.tsx';
import { useVisit } from './use.ts';

type Method = 'known_by_sight' | 'staff_card_shown' | 'licence_shown' | 'other';

/** IdentityPage keeps how the rep knows whom he speaks with. A document is looked at and never photographed. */
export function IdentityPage({ visitID = '' }: { visitID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const v = useVisit(visitID);
  const method = useSignal<Method | undefined>(undefined);
  const note = useSignal('');
  const asked = useSignal(false);
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  if (v.records && !v.standing) return <Missing title={t('do_identity')} />;
  const wants = method.value === 'other' && !note.value.trim();
  const keep = async () => {
    asked.value = true;
    if (!method.value || wants || busy.value) return;
    busy.value = true;
    const fields: [string, unknown][] = [['method', method.value]];
    if (note.value.trim()) fields.push(['note', note.value.trim()]);
    try {
      await app.seal({ kind: 'identity.checked', case: v.caseID, visit: visitID, fields });
      tellSaved(t('identity_saved'));
      route(`/field/visit/${visitID}`, true);
    } catch (fault) {
      failure.value = failureOf(fault);
      busy.value = false;
    }
  };
  return (
    <Screen
      title={t('do_identity')}
      of={v.case}
      back={`/field/visit/${visitID}`}
      actions={
        <Button kind="primary" wide busy={busy.value} aria-disabled={!method.value} onClick={() => void keep()}>
          {t('keep')}
        </Button>
      }
    >
      <NotSaved failure={failure.value} />
      <Notice kind="info">
        <p>{t('identity_no_photo')}</p>
      </Notice>
      <RadioGroup<Method>
        legend={t('identity_how')}
        value={method.value}
        onChange={(value) => {
          method.value = value;
        }}
        choices={[
          { value: 'known_by_sight', label: t('identity_sight') },
          { value: 'staff_card_shown', label: t('identity_card') },
          { value: 'licence_shown', label: t('identity_licence') },
          { value: 'other', label: t('identity_other') },
        ]}
      />
      <Field
        label={t('identity_note')}
        required={method.value === 'other'}
        error={asked.value && wants ? t('identity_note_missing') : undefined}
      >
        <TextInput
          value={note.value}
          maxLength={4000}
          onInput={(e) => {
            note.value = e.currentTarget.value;
          }}
        />
      </Field>
    </Screen>
  );
}
