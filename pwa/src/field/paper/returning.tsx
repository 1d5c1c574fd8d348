import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { parseOutline } from '../../core/form/index.ts';
import { Button, Icon, Notice, Page } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { Practice } from '../screen.tsx';
import { useOwn } from '../use.ts';
import type { Held } from '../visit/use.ts';
import { lang } from '../words/index.ts';
import { t } from '../words/paper.ts';
import { Copy } from './copy.tsx';
import { Drawing } from './drawing.tsx';
import { frozenText } from './frozen.ts';
import { type Handed, hand, takeBack } from './handed.ts';
import { owedHand } from './second.ts';
import { TakeBack } from './takeback.tsx';

/** Returning shows exactly what was signed, frozen, to the one who signed it, until the rep takes the phone back. */
export function Returning({ over, v }: { over: Handed; v: Held }) {
  const app = phone();
  const frozen = useSignal<Awaited<ReturnType<typeof frozenText>>>(undefined);
  const r = useOwn(() => app.record(over.sealed ?? ''), over.sealed);
  useEffect(() => {
    if (r)
      void frozenText(r).then((f) => {
        frozen.value = f;
      });
  }, [r?.hash]);
  const back = () => takeBack(`/field/visit/${over.visit}`);
  const outline = r?.fields.signature_outline;
  const drawn =
    typeof outline === 'object' && outline !== null && !Array.isArray(outline)
      ? parseOutline(outline).outline
      : undefined;
  const own = r?.kind === 'item.received';
  const owed = own && owedHand(v.records ?? []) !== undefined;
  return (
    <Page
      title={t(over.declined ? 'declined_title' : own ? 'receipt_title' : 'signed_title')}
      strip={<Practice of={v.case} />}
    >
      <Notice kind="success" title={t('kept_here')}>
        <p>{t(over.declined ? 'declined_what' : own ? 'receipt_what' : 'signed_what')}</p>
      </Notice>
      {frozen.value && (
        <>
          <p class="fd-frozen">
            <Icon name={frozen.value.same ? 'seal' : 'seal-broken'} />
            {t(frozen.value.same ? 'frozen_same' : 'frozen_differs')}
          </p>
          <pre class="fd-paper fd-paper--large" lang={frozen.value.lang}>
            {frozen.value.text}
          </pre>
        </>
      )}
      {drawn && drawn.lines.length > 0 && <Drawing outline={drawn} label={t('signature')} />}
      {r && <Copy record={r} open />}
      {!own && <p class="fd-large">{t('give_back')}</p>}
      {own ? (
        <div class="ta-stack ta-stack--close">
          {owed && (
            <Button
              kind="primary"
              wide
              icon="arrow-right"
              onClick={() => hand({ visit: over.visit, template: over.template, lang: lang.peek() })}
            >
              {t('returner_sign')}
            </Button>
          )}
          <Button kind={owed ? 'secondary' : 'primary'} wide onClick={back}>
            {t('to_visit')}
          </Button>
        </div>
      ) : (
        <TakeBack wide onBack={back} />
      )}
    </Page>
  );
}
