import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button, Icon, Notice } from '../../ui/index.ts';
import { t } from '../words/photo.ts';

/** What browsers with a torch add to a track. */
interface Torch {
  torch?: boolean;
}

/** The still of a camera: better than a frame of its video, where the browser has it. */
interface Still {
  takePhoto(): Promise<Blob>;
}

/** A still is not waited for longer than this; then a frame of the video will do. */
const patience = 4000;

export interface CameraProps {
  label: string;
  onTaken(blob: Blob): void;
  onClose(): void;
}

/** Camera is the live picture with a shutter at the thumb, and a light where the phone lets us. Nothing of it is kept but what the shutter takes. */
export function Camera({ label, onTaken, onClose }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const track = useRef<MediaStreamTrack | undefined>(undefined);
  const denied = useSignal('');
  const ready = useSignal(false);
  const light = useSignal<boolean | undefined>(undefined);
  const busy = useSignal(false);
  useEffect(() => {
    let live = true;
    let stream: MediaStream | undefined;
    const open = async () => {
      const wish = { facingMode: 'environment', width: { ideal: 4096 }, height: { ideal: 3072 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
      if (!live || !video.current)
        return stream.getTracks().forEach((one) => {
          one.stop();
        });
      track.current = stream.getVideoTracks()[0];
      const can = track.current?.getCapabilities?.() as Torch | undefined;
      if (can?.torch) light.value = false;
      video.current.srcObject = stream;
      await video.current.play();
      ready.value = true;
    };
    open().catch((fault: unknown) => {
      denied.value = fault instanceof DOMException && fault.name === 'NotAllowedError' ? 'denied' : 'failed';
    });
    return () => {
      live = false;
      for (const one of stream?.getTracks() ?? []) one.stop();
    };
  }, []);
  const toggle = async () => {
    const on = !light.value;
    try {
      await track.current?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
      light.value = on;
    } catch {
      light.value = undefined; // the phone says no: the button goes
    }
  };
  const shoot = async () => {
    if (busy.value || !ready.value) return;
    busy.value = true;
    try {
      onTaken(await still(track.current, video.current));
    } catch {
      denied.value = 'failed';
      busy.value = false;
    }
  };
  return (
    <div class="fd-camera" role="dialog" aria-label={t('camera_title', { role: label })}>
      <video ref={video} class="fd-camera__view" playsInline muted aria-label={t('camera_view')} />
      {denied.value && (
        <Notice
          kind="warning"
          title={t(denied.value === 'denied' ? 'camera_denied' : 'camera_failed')}
          actions={<Button onClick={onClose}>{t('camera_close')}</Button>}
        >
          <p>{t('camera_instead')}</p>
        </Notice>
      )}
      <p class="fd-camera__label">{label}</p>
      <div class="fd-camera__bar">
        <button type="button" class="fd-camera__side" onClick={onClose}>
          <Icon name="close" />
          <span>{t('camera_close')}</span>
        </button>
        <button
          type="button"
          class="fd-camera__shutter"
          aria-label={t('camera_shoot')}
          aria-disabled={!ready.value || busy.value}
          onClick={() => void shoot()}
        />
        {light.value === undefined ? (
          <span class="fd-camera__side" />
        ) : (
          <button type="button" class="fd-camera__side" aria-pressed={light.value} onClick={() => void toggle()}>
            <Icon name="torch" />
            <span>{t('camera_light')}</span>
          </button>
        )}
      </div>
    </div>
  );
}

/** One picture: the camera's own still, else a frame of the video. */
async function still(track: MediaStreamTrack | undefined, video: HTMLVideoElement | null): Promise<Blob> {
  const Capture = (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => Still }).ImageCapture;
  if (Capture && track) {
    try {
      const taken = new Capture(track).takePhoto();
      const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), patience));
      const blob = await Promise.race([taken, late]);
      if (blob.size > 0) return blob;
    } catch {
      // a frame will do
    }
  }
  if (!video) throw new Error('no camera');
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.94);
  });
}
