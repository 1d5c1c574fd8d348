import { useSignal } from '@preact/signals';
import { visit as judge } from '../../core/policy/index.ts';
import { inLanguage } from '../../core/record/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Phrases } from '../phrases.tsx';
import { inForce } from '../policy.ts';
import { lang, t } from '../words/index.ts';
import type { Held } from './use.ts';

const calm = {
  attempts: 1000,
  visitsToday: 0,
  visitsWeek: 0,
  toldNotToCome: false,
  disputed: false,
  agreedHours: false,
};

/**
 * NightNotice speaks up when a visit has run into hours that ask for a reason: the
 * hour that it has reached, not the one in which it began. The words are a record.
 */
export function NightNotice({ v, now }: { v: Held; now: number }) {
  const app = phone();
  const words = useSignal('');
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  const policy = inForce(app.policies.value);
  const at = now + (app.clock.value.offsetMS ?? 0);
  const explained = new Set((v.records ?? []).filter((r) => r.kind === 'policy.explained').map((r) => r.fields.rule));
  const finding = judge(policy, at, calm).find((f) => !explained.has(f.rule));
  if (!finding) return null;
  const keep = async () => {
    if (!words.value.trim() || busy.value) return;
    busy.value = true;
    try {
      await app.seal({
        kind: 'policy.explained',
        case: v.caseID,
        visit: v.visit,
        fields: [
          ['rule', finding.rule],
          ['explanation', words.value.trim()],
        ],
      });
      words.value = '';
      failure.value = '';
    } catch (fault) {
      failure.value = failureOf(fault);
    }
    busy.value = false;
  };
  return (
    <Notice kind="warning" title={inLanguage(finding.text, lang.value)}>
      <details class="fd-more">
        <summary>{t('night_explain')}</summary>
        <NotSaved failure={failure.value} />
        <Phrases
          label={t('night_label')}
          phrases={[t('agreed_1'), t('agreed_2'), t('night_1')]}
          value={words.value}
          onInput={(value) => {
            words.value = value;
          }}
        />
        <Button wide busy={busy.value} onClick={() => void keep()}>
          {t('keep')}
        </Button>
      </details>
    </Notice>
  );
}
