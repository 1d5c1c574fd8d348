import { useState } from 'preact/hooks';
import { withheld } from '../../core/record/index.ts';
import { Chip, formatDate, formatDateTime, formatSeconds, formatTime } from '../../ui/index.ts';
import { flagText, kindText } from '../label.ts';
import { nameOf } from '../state.ts';
import { t } from '../words/index.ts';
import { type Entry, entryOf } from './entry.ts';
import type { Judged } from './integrity.ts';
import { VerdictChip } from './panel.tsx';
import { actorText, type Line, tell } from './telling.ts';

/** Timeline is what happened, in order, each record in words. */
export function Timeline({ entries, judged }: { entries: readonly Entry[]; judged: readonly Judged[] | undefined }) {
  let day = '';
  return (
    <ol class="office-timeline">
      {entries.map((e, i) => {
        const today = e.opened ? formatDate(e.opened.at) : day;
        const turns = today !== day && day !== '';
        day = today;
        const verdict = judged?.find((j) => j.entry === e)?.verdict;
        return (
          <li key={e.opened?.hash ?? i} id={e.opened && `record-${e.opened.hash}`} tabIndex={-1}>
            {turns && <p class="office-timeline__day">{today}</p>}
            <Moment entry={e} entries={entries} />
            {verdict && verdict !== 'holds' && <VerdictChip verdict={verdict} />}
            <Details entry={e} />
          </li>
        );
      })}
    </ol>
  );
}

function Moment({ entry: { held, opened: r }, entries }: { entry: Entry; entries: readonly Entry[] }) {
  if (!r) return <p class="office-timeline__head">{t('timeline.broken')}</p>;
  const meant = entryOf(entries, r.amends)?.opened;
  const corrected = entries.some((e) => e.opened?.amends === r.hash && e.opened.actor === r.actor);
  const hidden = withheld(r);
  return (
    <>
      <h3 class="office-timeline__head">
        <time dateTime={new Date(r.at).toISOString()}>{formatTime(r.at)}</time>
        <span>{kindText(r.kind)}</span>
        <span class="ta-small ta-soft">{actorText(r, nameOf)}</span>
      </h3>
      {meant && (
        <p class="ta-small">{t('timeline.amends', { time: formatTime(meant.at), what: kindText(meant.kind) })}</p>
      )}
      {corrected && <Chip>{t('timeline.amended')}</Chip>}
      <Lines lines={tell(r, nameOf)} />
      {(held.flags?.length ?? 0) > 0 && (
        <p class="ta-row">
          {held.flags?.map((f) => (
            <Chip key={f} tone="warning" icon="flag">
              {flagText(f)}
            </Chip>
          ))}
        </p>
      )}
      {r.kind.startsWith('declaration.') && <a href="#paper">{t('timeline.see_paper')}</a>}
      {r.kind.startsWith('photo.') && <a href="#photos">{t('timeline.see_photo')}</a>}
      {hidden > 0 && <p class="ta-small ta-soft">{t('timeline.withheld', { n: hidden })}</p>}
    </>
  );
}

/** Lines are names and what stands beside them; what somebody said is set apart. */
export function Lines({ lines }: { lines: readonly Line[] }) {
  if (lines.length === 0) return null;
  return (
    <dl class="office-lines">
      {lines.map((l) => (
        <div key={l.name} class={l.quote ? 'office-lines__quote' : undefined}>
          <dt>{l.label}</dt>
          <dd>{l.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Details is drawn when it is opened: a visit may have two thousand records of 64 KiB. */
function Details({ entry }: { entry: Entry }) {
  const [open, setOpen] = useState(false);
  const r = entry.opened;
  return (
    <details class="office-details" onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        {t('timeline.details')}
        <span class="ta-hidden">{r ? ` ${kindText(r.kind)} ${formatSeconds(r.at)}` : ''}</span>
      </summary>
      {open && <Bytes entry={entry} />}
    </details>
  );
}

function Bytes({ entry: { held, opened: r } }: { entry: Entry }) {
  return (
    <>
      <dl class="office-lines">
        {r && (
          <>
            <Pair name={t('timeline.hash')} code={r.hash} />
            <Pair name={t('timeline.device')} code={r.keyID} />
            {r.seq > 0 && <Pair name={t('evidence.seq')} code={String(r.seq)} />}
            <Pair name={t('timeline.app')} code={r.app} />
          </>
        )}
        <Pair name={t('evidence.received')} code={formatDateTime(held.received_at)} />
        <Pair name={t('timeline.index')} code={String(held.index)} />
      </dl>
      <p class="ta-small ta-soft">{t('timeline.text')}</p>
      <textarea
        class="office-bytes"
        readOnly
        rows={8}
        spellcheck={false}
        aria-label={t('timeline.text')}
        value={held.record}
      />
    </>
  );
}

function Pair({ name, code }: { name: string; code: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{code}</code>
      </dd>
    </div>
  );
}
