import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { ID } from '../../core/record/index.ts';
import { Button, Notice, Page } from '../../ui/index.ts';
import { cases } from '../api.ts';
import { useAct } from '../hooks.ts';
import { listed } from '../label.ts';
import { Refused } from '../refused.tsx';
import { t, word } from '../words/index.ts';
import { Assignees } from './assignees.tsx';
import { factsOf, type Typed, type Wrong } from './facts.ts';
import { FactsForm } from './form.tsx';

/** NewCasePage opens a case and assigns it in one go. */
export function NewCasePage() {
  const { route } = useLocation();
  const [typed, setTyped] = useState<Typed>({
    item: '',
    item_count: '1',
    worker_language: 'ja',
    item_state: 'on_loan',
  });
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  const [reps, setReps] = useState<ID[]>([]);
  const opening = useAct();
  const submit = async (event: Event) => {
    event.preventDefault();
    const read = factsOf(typed);
    setWrong(read.wrong);
    if (Object.keys(read.wrong).length > 0) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid]')?.focus());
      return;
    }
    await opening.run(async () => {
      const { id } = await cases.open(read.facts, reps);
      route(`/office/cases/${id}`, true);
    });
  };
  const names = Object.keys(wrong).map((name) => word(`fact.${name}`, name));
  return (
    <form onSubmit={submit} noValidate>
      <Page
        title={t('new.title')}
        back="/office/cases"
        actions={
          <>
            {names.length > 0 && <Notice kind="warning">{t('new.required', { list: listed(names) })}</Notice>}
            <Refused refusal={opening.refusal} />
            <Button type="submit" kind="primary" busy={opening.busy}>
              {t('new.do')}
            </Button>
          </>
        }
      >
        <p>{t('new.lead')}</p>
        <FactsForm
          typed={typed}
          wrong={wrong}
          onType={(name, text) => {
            setTyped({ ...typed, [name]: text });
            if (wrong[name]) setWrong(Object.fromEntries(Object.entries(wrong).filter(([n]) => n !== name)));
          }}
        />
        <section class="ta-sheet ta-stack" aria-labelledby="new-assign">
          <h2 id="new-assign">{t('new.assign')}</h2>
          <p class="ta-small ta-soft">{t('case.assign_hint')}</p>
          <Assignees chosen={reps} onChange={setReps} />
        </section>
      </Page>
    </form>
  );
}
