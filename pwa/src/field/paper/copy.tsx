import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { HeldRecord } from '../../engine/index.ts';
import { Button } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { t } from '../words/paper.ts';
import { copyKey } from './seal.ts';

/** Copy shows the QR code of the worker's own copy. It works once the record has reached the server. */
export function Copy({ record: r, open = false }: { record: HeldRecord; open?: boolean }) {
  const app = phone();
  const secret = useSignal('');
  const shown = useSignal(open);
  const digest = r.fields.copy_sha256;
  useEffect(() => {
    if (typeof digest === 'string')
      void app.drafts.get<string>(copyKey(digest)).then((s) => {
        secret.value = s ?? '';
      });
  }, [r.hash]);
  if (typeof digest !== 'string' || !secret.value) return null;
  if (!shown.value)
    return (
      <Button
        wide
        icon="qr"
        onClick={() => {
          shown.value = true;
        }}
      >
        {t('copy_show')}
      </Button>
    );
  return (
    <section class="fd-copy">
      <h2>{t('copy_title')}</h2>
      <QR text={`${app.device.value?.publicURL ?? location.origin}/k#${secret.value}`} />
      <p>{t(r.state === 'received' ? 'copy_now' : 'copy_later')}</p>
    </section>
  );
}

function QR({ text }: { text: string }) {
  const cells = useSignal<boolean[][]>([]);
  useEffect(() => {
    void import('qr').then(({ default: encodeQR }) => {
      cells.value = encodeQR(text, 'raw', { border: 2 });
    });
  }, [text]);
  const n = cells.value.length;
  if (n === 0) return <div class="fd-qr" />;
  const d = cells.value.map((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('');
  return (
    <svg class="fd-qr" viewBox={`0 0 ${n} ${n}`} role="img" aria-label={t('copy_qr')} shape-rendering="crispEdges">
      <path d={d} />
    </svg>
  );
}
