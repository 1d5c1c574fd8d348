import type { Unsent } from '../engine/index.ts';
import { formatBytes, formatTime, Icon, type IconName } from '../ui/index.ts';
import { phone } from './phone.ts';
import { t } from './words/index.ts';

/** What is waiting, in words: 記録3・写真5(4.1 MB). */
export function amount(unsent: Unsent): string {
  const size = formatBytes(unsent.bytes);
  if (unsent.photos === 0) return t('amount_records', { records: unsent.records, size });
  if (unsent.records === 0) return t('amount_photos', { photos: unsent.photos, size });
  return t('amount_both', { records: unsent.records, photos: unsent.photos, size });
}

/** SyncStrip is the one line that is always true: what is saved here, and what the server has confirmed. It leads to 送信状況. */
export function SyncStrip() {
  const app = phone();
  const { unsent, blocked, activity, online, lastReceivedAt } = app.status.value;
  const attention = app.outbox.value.attention;
  const all = unsent.records + unsent.blobs === 0;
  const received = lastReceivedAt > 0 ? t('strip_received', { time: formatTime(lastReceivedAt) }) : '';
  let look: { tone: string; icon: IconName; now: string };
  if (blocked || attention > 0) look = { tone: 'caution', icon: 'caution', now: t('strip_attention') };
  else if (all) look = { tone: 'good', icon: 'done', now: '' };
  else if (!online) look = { tone: 'plain', icon: 'offline', now: t('strip_offline') };
  else if (activity === 'sending') look = { tone: 'plain', icon: 'upload', now: t('strip_sending') };
  else if (activity === 'paused') look = { tone: 'plain', icon: 'pause', now: t('strip_paused') };
  else look = { tone: 'plain', icon: 'clock', now: t('strip_waiting') };
  const first = all ? (received ? t('strip_all') : t('strip_none')) : t('strip_unsent', { amount: amount(unsent) });
  const second = [all ? look.now : t('strip_saved'), received].filter(Boolean).join(' · ');
  return (
    <a
      class={`fd-strip fd-strip--${look.tone}`}
      href="/field/outbox"
      aria-label={[t('outbox_title'), first, all ? '' : look.now, second].filter(Boolean).join(' ')}
    >
      <Icon name={look.icon} />
      <span class="fd-strip__words">
        <strong>
          {first}
          {!all && look.now && <span class="fd-strip__now">{look.now}</span>}
        </strong>
        {second && <span>{second}</span>}
      </span>
      <Icon name="next" />
    </a>
  );
}
