import type { OutboxBlob, OutboxRecord } from '../../engine/index.ts';
import { Button, formatBytes, formatDateTime, formatTime, Notice, Progress, Unroll } from '../../ui/index.ts';
import { workerOf } from '../case/facts.ts';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { amount } from '../strip.tsx';
import { useNow } from '../use.ts';
import { State } from '../visit/list.tsx';
import { kindWord, roleWord } from '../words/kinds.ts';
import { t } from '../words/outbox.ts';
import { Rescue } from './rescue.tsx';

/** OutboxPage tells the truth about every item: where it is, how far it is, and what to do where something is stuck. */
export function OutboxPage() {
  const app = phone();
  const status = app.status.value;
  const { items } = app.outbox.value;
  const open = items.filter((i) => !isDone(i));
  const closed = items.filter(isDone);
  const { unsent } = status;
  const all = unsent.records + unsent.blobs === 0;
  return (
    <Screen
      title={t('title')}
      back="/field"
      actions={
        status.activity === 'paused' ? (
          <Button kind="primary" wide icon="play" onClick={() => app.sync.resume()}>
            {t('resume')}
          </Button>
        ) : (
          <Button
            kind="primary"
            wide
            icon="send"
            busy={status.activity === 'sending' || status.activity === 'receiving'}
            onClick={() => void app.sync.kick()}
          >
            {t('now')}
          </Button>
        )
      }
    >
      <Notice
        kind={status.blocked ? 'warning' : all ? 'success' : 'info'}
        title={all ? t('all') : t('unsent', { amount: amount(unsent) })}
      >
        <p>{all ? t('all_why') : t('unsent_why')}</p>
        {status.lastReceivedAt > 0 && (
          <p class="ta-small">{t('last', { at: formatDateTime(status.lastReceivedAt) })}</p>
        )}
      </Notice>
      <Trouble />
      {!all && <p class="ta-small ta-soft">{t('keep_open')}</p>}
      {open.length > 0 && (
        <section class="ta-stack" aria-labelledby="open">
          <h2 id="open">{t('open', { n: open.length })}</h2>
          <Unroll label={t('open', { n: open.length })} items={open} draw={item} tall={100} />
        </section>
      )}
      {!all && status.activity === 'sending' && (
        <Button wide icon="pause" onClick={() => app.sync.pause()}>
          {t('pause')}
        </Button>
      )}
      {closed.length > 0 && (
        <details class="fd-more">
          <summary>{t('closed', { n: closed.length })}</summary>
          <Unroll label={t('closed', { n: closed.length })} items={closed} draw={item} tall={100} />
        </details>
      )}
      {!all && (
        <details class="fd-more">
          <summary>{t('rescue_title')}</summary>
          <Rescue />
        </details>
      )}
    </Screen>
  );
}

/** All of it is with the server: the record and each of its photos. */
function isDone(i: OutboxRecord): boolean {
  return i.state === 'received' && i.blobs.every((b) => b.state === 'received');
}

/** Trouble says in plain words why nothing moves, and what to do about it. */
function Trouble() {
  const app = phone();
  const now = useNow(5000);
  const { online, blocked, problem, retryAt } = app.status.value;
  if (blocked) {
    return (
      <Notice
        kind={blocked === 'store_gone' || blocked === 'store_failed' ? 'error' : 'warning'}
        title={t(`blocked_${blocked}`)}
      >
        <p>{t(`blocked_next_${blocked}`)}</p>
        {(blocked === 'device_unknown' || blocked === 'root_changed') && (
          <p>
            <a href="/field/enrol">{t('enrol')}</a>
          </p>
        )}
      </Notice>
    );
  }
  if (!online)
    return (
      <Notice kind="info" title={t('offline')}>
        <p>{t('offline_why')}</p>
      </Notice>
    );
  if (!problem) return null;
  const known = problemWord(problem);
  return (
    <Notice kind="info" title={t(known)}>
      <p>{t(`${known}_next`)}</p>
      {retryAt > now && <p class="ta-small">{t('retry', { at: formatTime(retryAt) })}</p>}
    </Notice>
  );
}

type Problem = 'problem_portal' | 'problem_network' | 'problem_busy' | 'problem_server';

/** What a fault of the network or a code of the server means to who waits. */
export function problemWord(code: string): Problem {
  if (code === 'portal') return 'problem_portal';
  if (code === 'rate_limited' || code === 'unavailable' || code === 'busy') return 'problem_busy';
  if (code === 'offline' || code === 'timeout') return 'problem_network';
  return 'problem_server';
}

const item = (i: OutboxRecord) => <Item key={i.hash} item={i} />;

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
