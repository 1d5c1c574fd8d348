import { Button, Chip, formatTime, Notice, type NoticeKind, type Tone } from '../../ui/index.ts';
import { kindText } from '../label.ts';
import { t, word } from '../words/index.ts';
import type { Check, Verdict } from './ground.ts';
import type { Verification } from './judged.ts';

const tones: Record<Verdict, Tone> = { holds: 'success', differs: 'danger', unknown: 'warning' };

/** VerdictChip is one verdict in a word. */
export function VerdictChip({ verdict }: { verdict: Verdict }) {
  const icon = verdict === 'holds' ? 'check' : verdict === 'differs' ? 'seal-broken' : 'help';
  return (
    <Chip tone={tones[verdict]} icon={icon}>
      {t(`integrity.${verdict}`)}
    </Chip>
  );
}

/** IntegrityLine is the verification in one line, for the head of a page. */
export function IntegrityLine({ result }: { result: Verification | undefined }) {
  if (!result) return <p role="status">{t('integrity.running')}</p>;
  const { kind, title, hint } = summary(result);
  return (
    <Notice kind={kind} title={title}>
      {hint}
    </Notice>
  );
}

function summary(v: Verification): { kind: NoticeKind; title: string; hint: string } {
  const of = (verdict: Verdict) => v.judged.filter((j) => j.verdict === verdict).length;
  if (of('differs') > 0) {
    return {
      kind: 'error',
      title: t('integrity.some_differ', { n: of('differs') }),
      hint: t('integrity.some_differ_hint'),
    };
  }
  if (v.verdict === 'differs') {
    return { kind: 'error', title: t('integrity.server_differs'), hint: t('integrity.some_differ_hint') };
  }
  if (of('unknown') > 0) {
    return {
      kind: 'warning',
      title: t('integrity.some_unknown', { n: of('unknown') }),
      hint: t('integrity.some_unknown_hint'),
    };
  }
  return {
    kind: 'success',
    title: t('integrity.all_hold', { n: v.judged.length }),
    hint: t('integrity.all_hold_hint'),
  };
}

/** IntegrityPanel unfolds the verification: the server first, then record by record, each check with its reason. */
export function IntegrityPanel({ result, again }: { result: Verification | undefined; again(): void }) {
  if (!result) return <p role="status">{t('integrity.running')}</p>;
  return (
    <div class="ta-stack">
      <h3>{t('integrity.ground')}</h3>
      <Checks checks={result.ground.checks} />
      <h3>{t('integrity.records')}</h3>
      <ul class="office-judged">
        {result.judged.map((j, i) => (
          <li key={j.entry.opened?.hash ?? i}>
            <details open={j.verdict === 'differs'}>
              <summary>
                <span>
                  {j.entry.opened ? kindText(j.entry.opened.kind) : t('timeline.broken')}
                  {j.entry.opened && <span class="ta-small ta-soft">{` ${formatTime(j.entry.opened.at)}`}</span>}
                </span>
                <VerdictChip verdict={j.verdict} />
              </summary>
              <Checks checks={j.checks} />
            </details>
          </li>
        ))}
      </ul>
      <div class="ta-row">
        <Button icon="refresh" onClick={again}>
          {t('integrity.again')}
        </Button>
      </div>
    </div>
  );
}

/** Checks lists what was judged, why, and how it came out. */
export function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <ul class="office-checks">
      {checks.map((c) => (
        <li key={c.name}>
          <span class="office-checks__name">{word(`check.${c.name}`, c.name)}</span>
          <span class="office-checks__why ta-small">{word(`why.${c.why}`, c.why)}</span>
          <VerdictChip verdict={c.verdict} />
        </li>
      ))}
    </ul>
  );
}
