import type { OutboxBlob, OutboxRecord } from '../../engine/index.ts';
import { formatBytes, formatTime, Notice, Progress } from '../../ui/index.ts';
import { workerOf } from '../case/facts.ts';
import { phone } from '../phone.ts';
import { State } from '../visit/list.tsx';
import { kindWord, roleWord } from '../words/kinds.ts';
import { t } from '../words/outbox.ts';

/** One record of the list, with its photos: where each is, and what to do where it is stuck. */
export const item = (i: OutboxRecord) => <Item key={i.hash} item={i} />;

function Item({ item }: { item: OutboxRecord }) {
  const c = phone().cases.get(item.case);
  const parts = item.blobs;
  return (
    <div class="fd-outbox__item">
      <a class="fd-outbox__head" href={`/field/record/${item.hash}`}>
        <span>
          <strong>{kindWord(item.kind)}</strong> <time class="ta-soft">{formatTime(item.at)}</time>
          <span class="ta-small ta-soft fd-outbox__who">{workerOf(c)}</span>
        </span>
        <State state={item.state} />
      </a>
      {item.state === 'attention' && <Stuck problem={item.problem} />}
      {parts.map((b) => (
        <Part key={b.id} blob={b} />
      ))}
    </div>
  );
}

function Part({ blob }: { blob: OutboxBlob }) {
  const name = roleWord(blob.role);
  const size = formatBytes(blob.size);
  if (blob.state === 'received') return <Progress value={1} label={name} text={t('blob_received', { size })} />;
  if (blob.state === 'attention') {
    return (
      <>
        <Progress value={blob.sent} max={blob.size} label={name} text={t('blob_stuck')} />
        <Stuck problem={blob.problem} />
      </>
    );
  }
  if (blob.state === 'waiting' && blob.sent === 0) {
    return <Untouched name={name} text={t(blob.held ? 'blob_held' : 'blob_waiting', { size })} />;
  }
  if (blob.held) return <Progress value={blob.sent} max={blob.size} label={name} text={t('blob_held', { size })} />;
  const share = blob.size > 0 ? Math.floor((100 * blob.sent) / blob.size) : 0;
  const text = blob.state === 'sending' ? t('blob_sending', { share, size }) : t('blob_part', { share, size });
  return <Progress value={blob.sent} max={blob.size} label={name} text={text} />;
}

/** A blob of which nothing has gone yet: words alone. An empty bar says no more, and a list of hundreds has to be drawn. */
function Untouched({ name, text }: { name: string; text: string }) {
  return (
    <div class="ta-progress">
      <span>{name}</span>
      <span class="ta-progress__text">{text}</span>
    </div>
  );
}

type Stop = 'stuck_quarantined' | 'stuck_rejected' | 'stuck_receipt' | 'stuck_damaged' | 'stuck_other';

function stopWord(problem: string): Stop {
  switch (problem) {
    case 'quarantined':
      return 'stuck_quarantined';
    case 'quarantine_rejected':
      return 'stuck_rejected';
    case 'receipt':
      return 'stuck_receipt';
    case 'damaged':
    case 'gone':
    case 'digest_mismatch':
      return 'stuck_damaged';
    default:
      return 'stuck_other';
  }
}

function Stuck({ problem }: { problem: string }) {
  const word = stopWord(problem);
  return (
    <Notice kind={word === 'stuck_damaged' ? 'error' : 'warning'} title={t(word)}>
      <p>{t(`${word}_next`)}</p>
    </Notice>
  );
}
