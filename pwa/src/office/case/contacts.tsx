import { useState } from 'preact/hooks';
import type { Attempt } from '../../core/history/index.ts';
import { Button, Chip, formatDateTime } from '../../ui/index.ts';
import { records } from '../api.ts';
import { useAct } from '../hooks.ts';
import { channelText, flagText, resultText } from '../label.ts';
import { Refused } from '../refused.tsx';
import { nameOf } from '../state.ts';
import { readEntries } from '../visit/entry.ts';
import { type Line, tell } from '../visit/telling.ts';
import { Lines } from '../visit/timeline.tsx';
import { t } from '../words/index.ts';

/** Contacts is the log of attempts to reach the worker, newest first. What was noted is in the record, which is fetched when asked for. */
export function Contacts({ attempts }: { attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return <p class="ta-soft">{t('case.no_contacts')}</p>;
  return (
    <ol class="office-history">
      {[...attempts].reverse().map((a) => (
        <OneContact key={a.record} attempt={a} />
      ))}
    </ol>
  );
}

function OneContact({ attempt: a }: { attempt: Attempt }) {
  const [lines, setLines] = useState<Line[] | undefined>(undefined);
  const reading = useAct();
  const read = () =>
    reading.run(async () => {
      const [entry] = await readEntries([await records.read(a.record)]);
      const r = entry?.opened;
      setLines(r ? tell(r, nameOf).filter((l) => l.name !== 'channel' && l.name !== 'result') : []);
    });
  return (
    <li>
      <time class="ta-small ta-soft">{formatDateTime(a.occurred_at ?? a.at)}</time>
      <span>
        {channelText(a.channel ?? '')} <strong>{resultText(a.result ?? '')}</strong>
        {a.flags?.map((f) => (
          <Chip key={f} tone="warning" icon="flag">
            {flagText(f)}
          </Chip>
        ))}
      </span>
      <span class="ta-small ta-soft">{nameOf(a.actor)}</span>
      <div class="office-history__more">
        {lines ? (
          lines.length > 0 ? (
            <Lines lines={lines} />
          ) : (
            <p class="ta-small ta-soft">{t('none')}</p>
          )
        ) : (
          <Button kind="quiet" busy={reading.busy} onClick={read}>
            {t('case.contact_note')}
          </Button>
        )}
        <Refused refusal={reading.refusal} />
      </div>
    </li>
  );
}
