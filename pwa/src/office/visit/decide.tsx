import { useState } from 'preact/hooks';
import { Button, Checkbox, Notice } from '../../ui/index.ts';
import type { Decision } from '../api.ts';
import { useKeys } from '../hooks.ts';
import { Ask } from '../reason.tsx';
import { may } from '../state.ts';
import { t } from '../words/index.ts';
import type { Verdict } from './ground.ts';

export interface DecideProps {
  /** How many records the decision is about. */
  records: number;
  /** undefined: still being verified. */
  verdict: Verdict | undefined;
  complete: boolean;
  decide(decision: Decision, reason: string): Promise<unknown>;
}

/** Decide is 承認, 差戻し, 保留, by button and by key. What did not pass verification is not approved by one press. */
export function Decide({ records, verdict, complete, decide }: DecideProps) {
  const [asking, setAsking] = useState<Decision | undefined>(undefined);
  const [anyway, setAnyway] = useState(false);
  const able = may('reviewer');
  const ask = (decision: Decision) => () => {
    setAnyway(false);
    setAsking(decision);
  };
  useKeys(able ? { a: ask('approved'), r: ask('returned'), h: ask('held') } : {});
  if (!able) return <p class="ta-soft">{t('decide.no_right')}</p>;
  const close = () => setAsking(undefined);
  return (
    <>
      <div class="office-decide">
        <Button kind="primary" icon="check" onClick={ask('approved')} aria-keyshortcuts="A">
          {t('decide.approved')}
        </Button>
        <Button icon="replay" onClick={ask('returned')} aria-keyshortcuts="R">
          {t('decide.returned')}
        </Button>
        <Button icon="pause" onClick={ask('held')} aria-keyshortcuts="H">
          {t('decide.held')}
        </Button>
      </div>
      <Ask
        open={asking === 'approved'}
        title={t('decide.approve_title')}
        hint={t('decide.approve_hint', { n: records })}
        deed={t('decide.do_approve')}
        reason="optional"
        ready={verdict === 'holds' || anyway}
        act={(reason) => decide('approved', reason)}
        onClose={close}
      >
        {!complete && <Notice kind="warning">{t('decide.incomplete')}</Notice>}
        {verdict !== 'holds' && (
          <Checkbox checked={anyway} onChange={setAnyway}>
            {t('decide.anyway')}
          </Checkbox>
        )}
      </Ask>
      <Ask
        open={asking === 'returned'}
        title={t('decide.return_title')}
        hint={t('decide.return_hint')}
        deed={t('decide.do_return')}
        reason="needed"
        act={(reason) => decide('returned', reason)}
        onClose={close}
      />
      <Ask
        open={asking === 'held'}
        title={t('decide.hold_title')}
        hint={t('decide.hold_hint')}
        deed={t('decide.do_hold')}
        reason="needed"
        act={(reason) => decide('held', reason)}
        onClose={close}
      />
    </>
  );
}
