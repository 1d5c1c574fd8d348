import { useSignal } from '@preact/signals';
import { Button, formatTime, Notice } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { t } from '../words/index.ts';
import type { Held } from './use.ts';

/** By so many minutes a visit is prolonged with one tap. */
const more = 30;

/** Overdue speaks up when a visit has passed its planned end: the office sees that too, and asks whether all is well. */
export function Overdue({ v, now }: { v: Held; now: number }) {
  const app = phone();
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  const s = v.standing;
  if (!s?.plannedEnd || now < s.plannedEnd) return null;
  const prolong = async () => {
    if (busy.value) return;
    busy.value = true;
    try {
      await app.seal({
        kind: 'place.changed',
        case: v.caseID,
        visit: v.visit,
        fields: [
          ['place', s.place || 'other'],
          ['planned_end', app.now() + more * 60_000],
        ],
      });
      failure.value = '';
    } catch (fault) {
      failure.value = failureOf(fault);
    }
    busy.value = false;
  };
  return (
    <Notice
      kind="warning"
      title={t('overdue', { at: formatTime(s.plannedEnd) })}
      actions={
        <Button busy={busy.value} onClick={() => void prolong()}>
          {t('overdue_more', { n: more })}
        </Button>
      }
    >
      <NotSaved failure={failure.value} />
      <p>{t(s.watched ? 'overdue_seen' : 'overdue_unseen')}</p>
    </Notice>
  );
}
