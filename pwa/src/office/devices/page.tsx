import { useState } from 'preact/hooks';
import { Button, Chip, formatBytes, formatDateTime, Page } from '../../ui/index.ts';
import { type Device, devices } from '../api.ts';
import { useLoaded, useNow } from '../hooks.ts';
import { agoText } from '../label.ts';
import { Ask } from '../reason.tsx';
import { Until } from '../refused.tsx';
import { may, nameOf, say } from '../state.ts';
import { t } from '../words/index.ts';
import { gapOf } from './gap.ts';

/** DevicesPage lists the phones: whose, last seen, what they still hold, and the one that is lost. */
export function DevicesPage() {
  const loaded = useLoaded(devices.list, []);
  const [lost, setLost] = useState<Device | undefined>(undefined);
  return (
    <Page title={t('devices.title')}>
      <Until loaded={loaded}>
        {(list) =>
          list.length === 0 ? (
            <div class="ta-empty ta-stack">
              <h2>{t('devices.empty')}</h2>
              <p>{t('devices.empty_hint')}</p>
            </div>
          ) : (
            <ul class="office-cards" aria-label={t('devices.caption')}>
              {[...list]
                .sort((a, b) => Number(a.revoked_at ?? 0) - Number(b.revoked_at ?? 0) || b.enrolled_at - a.enrolled_at)
                .map((d) => (
                  <li key={d.kid} class="ta-sheet ta-stack ta-stack--close">
                    <OneDevice device={d} onLost={() => setLost(d)} />
                  </li>
                ))}
            </ul>
          )
        }
      </Until>
      <Ask
        open={lost !== undefined}
        title={t('devices.revoke_title', { name: lost ? nameOf(lost.member) : '' })}
        hint={t('devices.revoke_hint')}
        deed={t('devices.revoke_do')}
        kind="danger"
        reason="needed"
        act={async (reason) => {
          if (!lost) return;
          await devices.revoke(lost.kid, reason);
          say(t('devices.done'));
          loaded.reload();
        }}
        onClose={() => setLost(undefined)}
      />
    </Page>
  );
}

function OneDevice({ device: d, onLost }: { device: Device; onLost(): void }) {
  const now = useNow();
  const s = d.status;
  const gap = gapOf(d);
  return (
    <>
      <div class="ta-row ta-row--apart">
        <h2>{nameOf(d.member)}</h2>
        {d.revoked_at ? (
          <Chip>{t('devices.revoked', { when: formatDateTime(d.revoked_at) })}</Chip>
        ) : (
          <Chip tone="success">{t('devices.active')}</Chip>
        )}
      </div>
      <dl class="office-lines">
        <Pair name={t('devices.label')} value={d.label} />
        <Pair name={t('devices.seen')} value={d.reported_at ? agoText(d.reported_at, now) : t('devices.never')} />
        <Pair name={t('devices.outbox')} value={outboxText(d)} />
        <Pair name={t('devices.head')} value={t('devices.head_n', { n: d.head })} />
        {s && s.storage.quota > 0 && (
          <Pair
            name={t('devices.storage')}
            value={t('devices.storage_of', { used: formatBytes(s.storage.usage), quota: formatBytes(s.storage.quota) })}
          />
        )}
      </dl>
      {s && !s.storage.persisted && !d.revoked_at && (
        <p>
          <Chip tone="warning" icon="caution">
            {t('devices.not_persisted')}
          </Chip>
        </p>
      )}
      {gap && (
        <p class="ta-small">
          <Chip tone="warning" icon="clock">
            {gap.from === gap.to ? t('devices.gap', { seq: gap.from }) : t('devices.gap_many', gap)}
          </Chip>{' '}
          {t('devices.gap_hint')}
        </p>
      )}
      <details class="office-details">
        <summary>{t('devices.key')}</summary>
        <code>{d.kid}</code>
      </details>
      {!d.revoked_at && may('admin') && (
        <div class="ta-row">
          <Button icon="device" onClick={onLost} aria-label={`${t('devices.revoke')}: ${nameOf(d.member)}`}>
            {t('devices.revoke')}
          </Button>
        </div>
      )}
    </>
  );
}

function outboxText(d: Device): string {
  const s = d.status;
  if (!s) return t('devices.unknown');
  if (s.outbox === 0 && s.pending_blobs === 0) return t('devices.outbox_none');
  return t('devices.outbox_n', { records: s.outbox, blobs: s.pending_blobs });
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
