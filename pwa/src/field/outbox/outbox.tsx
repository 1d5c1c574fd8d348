import type { OutboxRecord } from '../../engine/index.ts';
import { Button, formatDateTime, formatTime, Notice, Unroll } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { amount } from '../strip.tsx';
import { useNow } from '../use.ts';
import { t } from '../words/outbox.ts';
import { item } from './item.tsx';
import { Rescue } from './rescue.tsx';

/**
 * OutboxPage tells the truth about every item: where it is, how far it is, and what to do where something is stuck. Each part listens for itself:
 * a list of hundreds is not looked through each time the line says something.
 */
export function OutboxPage() {
  return (
    <Screen title={t('title')} back="/field" actions={<Go />}>
      <Standing />
      <Trouble />
      <Open />
      <Pause />
      <Closed />
      <Rest />
    </Screen>
  );
}

/** Everything that was kept here is with the server. */
const isAllSent = () => {
  const { unsent } = phone().outbox.value;
  return unsent.records + unsent.blobs === 0;
};

function Go() {
  const { sync, status } = phone();
  const { activity } = status.value;
  if (activity === 'paused') {
    return (
      <Button kind="primary" wide icon="play" onClick={() => sync.resume()}>
        {t('resume')}
      </Button>
    );
  }
  const busy = activity === 'sending' || activity === 'receiving';
  return (
    <Button kind="primary" wide icon="send" busy={busy} onClick={() => void sync.kick()}>
      {t('now')}
    </Button>
  );
}

function Standing() {
  const { blocked, unsent, lastReceivedAt } = phone().status.value;
  const all = isAllSent();
  return (
    <Notice
      kind={blocked ? 'warning' : all ? 'success' : 'info'}
      title={all ? t('all') : t('unsent', { amount: amount(unsent) })}
    >
      <p>{all ? t('all_why') : t('unsent_why')}</p>
      {lastReceivedAt > 0 && <p class="ta-small">{t('last', { at: formatDateTime(lastReceivedAt) })}</p>}
    </Notice>
  );
}

function Open() {
  const open = phone().outbox.value.items.filter((i) => !isDone(i));
  return (
    <>
      {!isAllSent() && <p class="ta-small ta-soft">{t('keep_open')}</p>}
      {open.length > 0 && (
        <section class="ta-stack" aria-labelledby="open">
          <h2 id="open">{t('open', { n: open.length })}</h2>
          <Unroll name="open" label={t('open', { n: open.length })} items={open} draw={item} tall={100} />
        </section>
      )}
    </>
  );
}

function Pause() {
  const { sync, status } = phone();
  if (isAllSent() || status.value.activity !== 'sending') return null;
  return (
    <Button wide icon="pause" onClick={() => sync.pause()}>
      {t('pause')}
    </Button>
  );
}

function Closed() {
  const closed = phone().outbox.value.items.filter(isDone);
  if (closed.length === 0) return null;
  return (
    <details class="fd-more">
      <summary>{t('closed', { n: closed.length })}</summary>
      <Unroll name="closed" label={t('closed', { n: closed.length })} items={closed} draw={item} tall={100} />
    </details>
  );
}

/** What else there is when nothing helps: the file for the office. */
function Rest() {
  if (isAllSent()) return null;
  return (
    <details class="fd-more">
      <summary>{t('rescue_title')}</summary>
      <Rescue />
    </details>
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
