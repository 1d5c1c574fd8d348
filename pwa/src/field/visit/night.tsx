import { useSignal } from '@preact/signals';
import { visit as judge } from '../../core/policy/index.ts';
import { inLanguage } from '../../core/record/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { NotSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
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
  const policy = inForce(app.policies.value);
  const at = now + (app.clock.value.offsetMS ?? 0);
  const explained = new Set((v.records ?? []).filter((r) => r.kind === 'policy.explained').map((r) => r.fields.rule));
  const finding = judge(policy, at, calm).find((f) => !explained.has(f.rule));
  if (!finding) return null;
  return (
    <Notice kind="warning" title={inLanguage(finding.text, lang.value)}>
      <Explain key={finding.rule} v={v} rule={finding.rule} />
    </Notice>
  );
}

/** Explain keeps why it went on; half typed words are there again after a kill. */
function Explain({ v, rule }: { v: Held; rule: string }) {
  const app = phone();
  const key = `night/${v.visit}/${rule}`;
  const { form, change, failure, seal } = useKept(key, { words: '' });
  const { words } = form.value;
  const busy = useSignal(false);
  const keep = async () => {
    if (!words.trim() || busy.value) return;
    busy.value = true;
    const sealed = await seal(() =>
      app.seal({
        kind: 'policy.explained',
        case: v.caseID,
        visit: v.visit,
        fields: [
          ['rule', rule],
          ['explanation', words.trim()],
        ],
        consumes: [key],
      }),
    );
    if (!sealed) busy.value = false; // after it has worked, the record takes the notice away
  };
  return (
    <details class="fd-more" open={words !== ''}>
      <summary>{t('night_explain')}</summary>
      <NotSaved failure={failure.value} />
      <Phrases
        label={t('night_label')}
        phrases={[t('agreed_1'), t('agreed_2'), t('night_1')]}
        value={words}
        onInput={(value) => change({ words: value })}
      />
      <Button wide busy={busy.value} onClick={() => void keep()}>
        {t('keep')}
      </Button>
    </details>
  );
}
