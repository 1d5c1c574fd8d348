import { Chip, formatDateTime, Page } from '../../ui/index.ts';
import { type DisclosureRow, disclosures } from '../api.ts';
import { useLoaded, useRefresh } from '../hooks.ts';
import { Until } from '../refused.tsx';
import { nameOf } from '../state.ts';
import { t } from '../words/index.ts';
import { disclosureTone } from './state.ts';

/** DisclosuresPage lists what was prepared for whom; what waits for approval comes first. */
export function DisclosuresPage() {
  const loaded = useLoaded(disclosures.list, []);
  useRefresh(loaded.reload, 60_000);
  return (
    <Page title={t('disclosures.title')}>
      <Until loaded={loaded}>{(list) => <Lists list={list} />}</Until>
    </Page>
  );
}

function Lists({ list }: { list: readonly DisclosureRow[] }) {
  if (list.length === 0) {
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
      <section class="ta-stack ta-stack--close" aria-labelledby="waiting">
        <h2 id="waiting">{t('disclosures.waiting')}</h2>
        <p class="ta-small ta-soft">{waits.length > 0 ? t('disclosures.waiting_hint') : t('disclosures.no_waiting')}</p>
        <Rows list={waits} label={t('disclosures.waiting')} />
      </section>
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
