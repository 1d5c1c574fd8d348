import { useEffect, useState } from 'preact/hooks';
import type { Case } from '../../core/history/index.ts';
import type { ID } from '../../core/record/index.ts';
import { cases } from '../api.ts';
import { Assignees } from '../cases/assignees.tsx';
import { Ask } from '../reason.tsx';
import { t } from '../words/index.ts';

export interface EditProps {
  case: Case;
  open: boolean;
  onDone(): void;
  onClose(): void;
}

/** Assign says who cares for a case from now on. */
export function Assign({ case: c, open, onDone, onClose }: EditProps) {
  const [chosen, setChosen] = useState<ID[]>([]);
  useEffect(() => {
    if (open) setChosen(c.assignees ?? []);
  }, [open]);
  return (
    <Ask
      open={open}
      title={t('case.assign_title')}
      hint={t('case.assign_hint')}
      deed={t('case.assign_do')}
      reason="optional"
      act={(reason) => cases.assign(c.id, chosen, reason).then(onDone)}
      onClose={onClose}
    >
      <Assignees chosen={chosen} onChange={setChosen} />
    </Ask>
  );
}
