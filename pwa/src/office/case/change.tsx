import { useEffect, useState } from 'preact/hooks';
import { states } from '../../core/record/index.ts';
import { Field, Notice, Select } from '../../ui/index.ts';
import { cases } from '../api.ts';
import { asks, changed, factsOf, type Typed, typedOf, type Wrong } from '../cases/facts.ts';
import { FactsForm } from '../cases/form.tsx';
import { stateText } from '../label.ts';
import { Ask } from '../reason.tsx';
import { t } from '../words/index.ts';
import type { EditProps } from './assign.tsx';

/** Change records what is different from now on, and moves the case where that is for the office to say. */
export function Change({ case: c, open, onDone, onClose }: EditProps) {
  const [typed, setTyped] = useState<Typed>({});
  const [wrong, setWrong] = useState<Record<string, Wrong>>({});
  const [to, setTo] = useState('');
  const [nothing, setNothing] = useState(false);
  useEffect(() => {
    if (!open) return;
    setTyped(Object.fromEntries([...asks.keys()].map((name) => [name, typedOf(c.facts[name])])));
    setWrong({});
    setTo('');
    setNothing(false);
  }, [open]);
  const act = async (reason: string) => {
    const read = factsOf(typed);
    const facts = { ...changed(c.facts, typed), ...(to === '' ? {} : { to }) };
    setWrong(read.wrong);
    setNothing(Object.keys(facts).length === 0);
    if (Object.keys(read.wrong).length > 0 || Object.keys(facts).length === 0) return false;
    await cases.change(c.id, reason === '' ? facts : { ...facts, reason });
    onDone();
    return true;
  };
  return (
    <Ask
      open={open}
      title={t('case.change_title')}
      hint={t('case.change_hint')}
      deed={t('save')}
      reason="optional"
      act={act}
      onClose={onClose}
    >
      {/* What a case is for stays: practice never becomes real. */}
      <FactsForm
        without="practice"
        typed={typed}
        wrong={wrong}
        onType={(name, text) => setTyped({ ...typed, [name]: text })}
      />
      <Field label={t('fact.to')}>
        <Select value={to} onChange={(e) => setTo(e.currentTarget.value)}>
          <option value="">{stateText(c.state)}</option>
          {states
            .filter(
              (s) => s.code === 'review' || s.code === 'closed' || s.code === 'welfare' || s.code === 'contacting',
            )
            .map((s) => (
              <option key={s.code} value={s.code}>
                {stateText(s.code)}
              </option>
            ))}
        </Select>
      </Field>
      {nothing && <Notice kind="warning">{t('case.nothing_changed')}</Notice>}
    </Ask>
  );
}
