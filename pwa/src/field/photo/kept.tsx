import { LinkButton, Notice } from '../../ui/index.ts';
import { roleWord } from '../words/kinds.ts';
import { t } from '../words/photo.ts';
import type { Preview } from './render.ts';
import type { Source } from './slot.ts';

/** A photo that was sealed a moment ago. */
export interface Done {
  hash: string;
  role: string;
  size: number;
  source: Source;
  preview: Preview;
  url: string;
}

/** Kept says that the photo is saved, and shows what there is to show of it. next: what is photographed after something was hidden. */
export function Kept({ done, next }: { done: Done; next: string | undefined }) {
  const size = (done.size / 1e6).toFixed(done.size < 1e6 ? 2 : 1);
  return (
    <section class="ta-stack ta-stack--close">
      <Notice kind="success" title={t('kept')}>
        <p>
          {t('kept_what', {
            role: roleWord(done.role),
            size,
            source: t(`source_${done.source}`),
          })}
        </p>
        {'none' in done.preview && (
          <p>{t(done.preview.none === 'undecodable' ? 'no_preview_format' : 'no_preview_blank')}</p>
        )}
      </Notice>
      {done.url && (
        <>
          <img class="fd-photo fd-photo--large fd-photo--just" src={done.url} alt={roleWord(done.role)} />
          <LinkButton wide icon="hide" href={`/field/record/${done.hash}/hide${next ? `?next=${next}` : ''}`}>
            {t('hide')}
          </LinkButton>
        </>
      )}
    </section>
  );
}
