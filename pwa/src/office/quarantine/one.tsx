import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { Opened } from '../../core/record/index.ts';
import { parse } from '../../core/seal/index.ts';
import { Button, DescriptionList, formatBytes, formatDateTime, Page } from '../../ui/index.ts';
import { type QuarantineItem, quarantine } from '../api.ts';
import { useLoaded } from '../hooks.ts';
import { kindText } from '../label.ts';
import { Ask } from '../reason.tsx';
import { Until } from '../refused.tsx';
import { may, nameOf, refreshWaiting, say } from '../state.ts';
import { tell } from '../visit/telling.ts';
import { Lines } from '../visit/timeline.tsx';
import { t } from '../words/index.ts';
import { codeText, DecisionChip } from './page.tsx';

/** QuarantineItemPage is one text as it arrived, what can be read of it, and the office's decision. */
export function QuarantineItemPage() {
  const { params } = useRoute();
  const sha256 = params.sha256 ?? '';
  const loaded = useLoaded(() => quarantine.read(sha256), [sha256]);
  return (
    <Page
      title={t('quarantine.view')}
      back="/office/quarantine"
      beside={loaded.value && <DecisionChip decision={loaded.value.decision} />}
    >
      <Until loaded={loaded}>{(item) => <Item item={item} reload={loaded.reload} />}</Until>
    </Page>
  );
}

function Item({ item: q, reload }: { item: QuarantineItem & { text: string }; reload(): void }) {
  const [asking, setAsking] = useState<'release' | 'reject' | undefined>(undefined);
  const [read, setRead] = useState<Opened | undefined | 'no'>(undefined);
  useEffect(() => {
    parse(q.text).then(setRead, () => setRead('no'));
  }, [q.text]);
  const done = (words: string) => {
    say(words);
    void refreshWaiting().catch(() => undefined);
    reload();
  };
  return (
    <>
      <section class="ta-sheet ta-stack">
        <DescriptionList
          items={[
            { term: t('quarantine.why'), value: <strong>{codeText(q.code)}</strong> },
            { term: t('quarantine.received'), value: formatDateTime(q.received_at) },
            { term: t('quarantine.from'), value: q.member ? nameOf(q.member) : t('unknown') },
            { term: t('quarantine.size'), value: formatBytes(q.size) },
            { term: t('photo.sha256'), value: <code>{q.sha256}</code> },
          ]}
        />
        {q.decision !== 'released' && may('reviewer') && (
          <div class="ta-row">
            <Button
              kind="primary"
              icon="check"
              aria-disabled={read === 'no' ? true : undefined}
              onClick={() => setAsking('release')}
            >
              {t('quarantine.release')}
            </Button>
            {!q.decision && (
              <Button icon="close" onClick={() => setAsking('reject')}>
                {t('quarantine.reject')}
              </Button>
            )}
          </div>
        )}
        {read === 'no' && q.decision !== 'released' && <p class="ta-small ta-soft">{t('quarantine.cannot_release')}</p>}
      </section>
      <section class="ta-sheet ta-stack" aria-label={t('quarantine.read')}>
        <h2>{t('quarantine.read')}</h2>
        {read === 'no' || read === undefined ? (
          <p class="ta-soft">{t('quarantine.read_none')}</p>
        ) : (
          <>
            <p>
              <strong>{kindText(read.kind)}</strong> {formatDateTime(read.at)} {nameOf(read.actor)}
            </p>
            <Lines lines={tell(read, nameOf)} />
          </>
        )}
      </section>
      <section class="ta-sheet ta-stack" aria-label={t('quarantine.text')}>
        <h2>{t('quarantine.text')}</h2>
        {q.text.length < q.size && (
          <p class="ta-small ta-soft">
            {t('quarantine.cut', { shown: formatBytes(q.text.length), size: formatBytes(q.size) })}
          </p>
        )}
        <textarea
          class="office-bytes"
          readOnly
          rows={8}
          spellcheck={false}
          aria-label={t('quarantine.text')}
          value={q.text}
        />
      </section>
      <Ask
        open={asking === 'release'}
        title={t('quarantine.release_title')}
        hint={t('quarantine.release_hint')}
        deed={t('quarantine.release_do')}
        reason="optional"
        act={(reason) =>
          quarantine.release(q.sha256, reason).then(({ index }) => done(t('quarantine.done_released', { index })))
        }
        onClose={() => setAsking(undefined)}
      />
      <Ask
        open={asking === 'reject'}
        title={t('quarantine.reject_title')}
        hint={t('quarantine.reject_hint')}
        deed={t('quarantine.reject')}
        reason="needed"
        act={(reason) => quarantine.reject(q.sha256, reason).then(() => done(t('quarantine.done_rejected')))}
        onClose={() => setAsking(undefined)}
      />
    </>
  );
}
