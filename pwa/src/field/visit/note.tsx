import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved, tellSaved } from '../failure.tsx';
import { Keeping } from '../keeping.ts';
import { phone } from '../phone.ts';
import { Phrases } from '../phrases.tsx';
import { Screen } from '../screen.tsx';
import { t } from '../words/index.ts';
import { Missing } from './missing.tsx';

/** NotePage keeps words: set phrases for the thumb, the keyboard for the rest. What is typed is a draft until it is kept. */
export function NotePage({ visitID = '', caseID = '' }: { visitID?: string; caseID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const text = useSignal('');
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  const ofCase = caseID || app.visits.value.find((v) => v.visit === visitID)?.case || '';
  const c = app.cases.list.value.find((one) => one.id === ofCase);
  const draft = `note/${visitID || caseID}`;
  const back = visitID ? `/field/visit/${visitID}` : `/field/case/${caseID}`;
  const keeping = useMemo(
    () =>
      new Keeping<string>((words) =>
        (words === '' ? app.drafts.delete(draft) : app.drafts.put(draft, words)).catch((fault) => {
          failure.value = failureOf(fault);
        }),
      ),
    [draft],
  );
  useEffect(() => {
    app.drafts.get<string>(draft).then(
      (kept) => {
        if (kept && !text.value) text.value = kept;
      },
      (fault) => {
        failure.value = failureOf(fault);
      },
    );
  }, [draft]);
  if (!ofCase) return <Missing title={t('do_note')} />;
  const input = (value: string) => {
    if (keeping.keep(value)) text.value = value;
  };
  const keep = async () => {
    if (!text.value.trim() || busy.value) return;
    busy.value = true;
    const of = { case: ofCase, ...(visitID ? { visit: visitID } : {}) };
    const fields: [string, unknown][] = [['note', text.value.replace(/\r\n?/g, '\n')]];
    try {
      await keeping.seal(() => app.seal({ kind: 'note.written', ...of, fields, consumes: [draft] }));
      tellSaved(t('note_saved'));
      route(back, true);
    } catch (fault) {
      failure.value = failureOf(fault);
      busy.value = false;
    }
  };
  return (
    <Screen
      title={t('do_note')}
      of={c}
      back={back}
      actions={
        <Button kind="primary" wide busy={busy.value} aria-disabled={!text.value.trim()} onClick={() => void keep()}>
          {t('keep')}
        </Button>
      }
    >
      <NotSaved failure={failure.value} />
      <Phrases
        label={t('note_label')}
        hint={t('note_hint')}
        phrases={[
          t('phrase_1'),
          t('phrase_2'),
          t('phrase_3'),
          t('phrase_4'),
          t('phrase_5'),
          t('phrase_6'),
          t('phrase_7'),
          t('phrase_8'),
          t('phrase_9'),
        ]}
        value={text.value}
        max={20_000}
        onInput={input}
      />
    </Screen>
  );
}
