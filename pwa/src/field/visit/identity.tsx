import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { Button, Field, Notice, RadioGroup, TextInput } from '../../ui/index.ts';
import { NotSaved, tellSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { t } from '../words/index.ts';
import { identityKey } from './drafts.ts';
import { Missing } from './missing.tsx';
import { useVisit } from './use.ts';

type Method = 'known_by_sight' | 'staff_card_shown' | 'licence_shown' | 'other';

const empty: { method: Method | ''; note: string } = { method: '', note: '' };

/** IdentityPage keeps how the rep knows whom he speaks with. A document is looked at and never photographed. */
export function IdentityPage({ visitID = '' }: { visitID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const v = useVisit(visitID);
  const key = identityKey(visitID);
  const { form, change, failure, seal } = useKept(key, empty);
  const { method, note } = form.value;
  const asked = useSignal(false);
  const busy = useSignal(false);
  if (v.records && !v.standing) return <Missing title={t('do_identity')} />;
  const wants = method === 'other' && !note.trim();
  const keep = async () => {
    asked.value = true;
    if (!method || wants || busy.value) return;
    busy.value = true;
    const fields: [string, unknown][] = [['method', method]];
    if (note.trim()) fields.push(['note', note.trim()]);
    const of = { case: v.caseID, visit: visitID };
    const sealed = await seal(() => app.seal({ kind: 'identity.checked', ...of, fields, consumes: [key] }));
    if (!sealed) {
      busy.value = false; // after it has worked, a second tap is none
      return;
    }
    tellSaved(t('identity_saved'));
    route(`/field/visit/${visitID}`, true);
  };
  return (
    <Screen
      title={t('do_identity')}
      of={v.case}
      back={`/field/visit/${visitID}`}
      actions={
        <Button kind="primary" wide busy={busy.value} aria-disabled={!method} onClick={() => void keep()}>
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
        value={method || undefined}
        onChange={(value) => change({ method: value })}
        choices={[
          { value: 'known_by_sight', label: t('identity_sight') },
          { value: 'staff_card_shown', label: t('identity_card') },
          { value: 'licence_shown', label: t('identity_licence') },
          { value: 'other', label: t('identity_other') },
        ]}
      />
      <Field
        label={t('identity_note')}
        required={method === 'other'}
        error={asked.value && wants ? t('identity_note_missing') : undefined}
      >
        <TextInput value={note} maxLength={4000} onInput={(e) => change({ note: e.currentTarget.value })} />
      </Field>
    </Screen>
  );
}
