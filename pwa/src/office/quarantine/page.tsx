import { Chip, formatBytes, formatDateTime, Page } from '../../ui/index.ts';
import { type QuarantineItem, quarantine } from '../api.ts';
import { useLoaded } from '../hooks.ts';
import { Until } from '../refused.tsx';
import { nameOf } from '../state.ts';
import { t, word } from '../words/index.ts';

/** Why a text could not be taken as a record, in words. */
export function codeText(code: string): string {
  return word(`quarantine.code.${code}`, t('quarantine.code.other'));
}

/** QuarantinePage lists what arrived and could not be taken as a record. */
export function QuarantinePage() {
  const loaded = useLoaded(quarantine.list, []);
  return (
    <Page title={t('quarantine.title')}>
      <p>{t('quarantine.lead')}</p>
      <Until loaded={loaded}>{(items) => <Items items={items} />}</Until>
    </Page>
  );
}

function Items({ items }: { items: readonly QuarantineItem[] }) {
  if (items.length === 0) {
    return (
      <div class="ta-empty ta-stack">
        <h2>{t('quarantine.empty')}</h2>
        <p>{t('quarantine.empty_hint')}</p>
      </div>
    );
  }
  return (
    <ul class="office-visits" aria-label={t('quarantine.caption')}>
      {items.map((q) => (
        <li key={q.sha256}>
          <a class="office-visit" href={`/office/quarantine/${q.sha256}`}>
            <span class="office-visit__who">
              <strong>{codeText(q.code)}</strong>
              <span class="ta-small ta-soft">{q.sha256.slice(0, 12)}</span>
            </span>
            <span class="office-visit__what">
              {q.member ? nameOf(q.member) : t('unknown')}
              <span class="ta-small ta-soft">{formatBytes(q.size)}</span>
            </span>
            <span class="office-visit__when ta-small">{formatDateTime(q.received_at)}</span>
            <span class="office-visit__marks">
              <DecisionChip decision={q.decision} />
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** DecisionChip is what the office has said to a quarantined text. */
export function DecisionChip({ decision }: { decision: QuarantineItem['decision'] }) {
  if (decision === 'released') return <Chip tone="success">{t('quarantine.released')}</Chip>;
  if (decision === 'rejected') return <Chip>{t('quarantine.rejected')}</Chip>;
  return <Chip tone="warning">{t('quarantine.waiting')}</Chip>;
}
