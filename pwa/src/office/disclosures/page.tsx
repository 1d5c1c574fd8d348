import { useState } from 'preact/hooks';
import { Chip, formatDateTime, Page } from '../../ui/index.ts';
import { type DisclosureRow, disclosures } from '../api.ts';
import { useLoaded, useRefresh } from '../hooks.ts';
import { Pages } from '../pages.tsx';
import { Until } from '../refused.tsx';
import { nameOf } from '../state.ts';
import { t } from '../words/index.ts';
import { disclosureTone } from './state.ts';

/** DisclosuresPage lists what was prepared for whom; what waits for approval comes first, however long it waits. */
export function DisclosuresPage() {
  const [trail, setTrail] = useState<string[]>([]);
  const cursor = trail.at(-1) ?? '';
  const loaded = useLoaded(() => disclosures.list(cursor), [cursor]);
  useRefresh(loaded.reload, 60_000);
  return (
    <Page title={t('disclosures.title')}>
      <Until loaded={loaded}>
        {(page) => (
          <>
            <Lists list={page.disclosures} first={trail.length === 0} />
            <Pages
              onBack={trail.length > 0 ? () => setTrail(trail.slice(0, -1)) : undefined}
              onNext={page.cursor ? () => setTrail([...trail, page.cursor ?? '']) : undefined}
            />
          </>
        )}
      </Until>
    </Page>
  );
}

function Lists({ list, first }: { list: readonly DisclosureRow[]; first: boolean }) {
  if (first && list.length === 0) {
    return (
      <div class="ta-empty ta-stack">
        <h2>{t('disclosures.empty')}</h2>
        <p>{t('disclosures.empty_hint')}</p>
      </div>
    );
  }
  const waits = list.filter((d) => d.state === 'prepared');
  const rest = list.filter((d) => d.state !== 'prepared');
  return (
    <>
      {first && (
        <section class="ta-stack ta-stack--close" aria-labelledby="waiting">
          <h2 id="waiting">{t('disclosures.waiting')}</h2>
          <p class="ta-small ta-soft">
            {waits.length > 0 ? t('disclosures.waiting_hint') : t('disclosures.no_waiting')}
          </p>
          <Rows list={waits} label={t('disclosures.waiting')} />
        </section>
      )}
      {rest.length > 0 && (
        <section class="ta-stack ta-stack--close" aria-labelledby="rest">
          <h2 id="rest">{t('disclosures.all')}</h2>
          <Rows list={rest} label={t('disclosures.caption')} />
        </section>
      )}
    </>
  );
}

function Rows({ list, label }: { list: readonly DisclosureRow[]; label: string }) {
  if (list.length === 0) return null;
  return (
    <ul class="office-visits" aria-label={label}>
      {list.map((d) => (
        <li key={d.id}>
          <a class="office-visit" href={`/office/disclosures/${d.id}`}>
            <span class="office-visit__who">
              <strong>{d.recipient?.name}</strong>
              <span class="ta-small ta-soft">{d.recipient?.organisation}</span>
            </span>
            <span class="office-visit__what">
              {d.worker_name}
              <span class="ta-small ta-soft">{d.number}</span>
            </span>
            <span class="office-visit__when ta-small">
              {d.prepared && (
                <>
                  <span>{formatDateTime(d.prepared.at)}</span>
                  <span class="ta-soft">{nameOf(d.prepared.actor)}</span>
                </>
              )}
            </span>
            <span class="office-visit__marks">
              {d.link?.locked && (
                <Chip tone="warning" icon="lock">
                  {t('disclosure.locked')}
                </Chip>
              )}
              <Chip tone={disclosureTone(d.state)}>{t(`disclosure.state.${d.state}`)}</Chip>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
