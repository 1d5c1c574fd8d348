import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import decodeQR from 'qr/decode.js';
import { Button, Icon, Notice } from '../../ui/index.ts';
import { t } from '../words/setup.ts';

/** Pixels of the square that is read: enough for a code that fills a third of it. */
const side = 720;
const pause = 180;

/** Scanner reads a QR code out of the live picture, on the phone alone. */
export function Scanner({ onFound, onClose }: { onFound(text: string): void; onClose(): void }) {
  const video = useRef<HTMLVideoElement>(null);
  const denied = useSignal(false);
  useEffect(() => {
    let live = true;
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const canvas = document.createElement('canvas');
    canvas.width = side;
    canvas.height = side;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const look = () => {
      const v = video.current;
      if (!live || !v || !context) return;
      const edge = Math.min(v.videoWidth, v.videoHeight);
      if (edge > 0) {
        context.drawImage(v, (v.videoWidth - edge) / 2, (v.videoHeight - edge) / 2, edge, edge, 0, 0, side, side);
        try {
          const text = decodeQR(context.getImageData(0, 0, side, side));
          if (text) return onFound(text);
        } catch {
          // no code in this frame
        }
      }
      timer = setTimeout(look, pause);
    };
    const open = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
      if (!live || !video.current)
        return stream.getTracks().forEach((one) => {
          one.stop();
        });
      video.current.srcObject = stream;
      await video.current.play();
      look();
    };
    open().catch(() => {
      denied.value = true;
    });
    return () => {
      live = false;
      clearTimeout(timer);
      for (const one of stream?.getTracks() ?? []) one.stop();
    };
  }, []);
  return (
    <div class="fd-camera" role="dialog" aria-label={t('scan_title')}>
      <video ref={video} class="fd-camera__view" playsInline muted aria-label={t('scan_view')} />
      {denied.value && (
        <Notice kind="warning" title={t('scan_denied')} actions={<Button onClick={onClose}>{t('scan_close')}</Button>}>
          <p>{t('scan_instead')}</p>
        </Notice>
      )}
      <p class="fd-camera__label">{t('scan_hint')}</p>
      <div class="fd-camera__bar">
        <button type="button" class="fd-camera__side" onClick={onClose}>
          <Icon name="close" />
          <span>{t('scan_close')}</span>
        </button>
      </div>
    </div>
  );
}
