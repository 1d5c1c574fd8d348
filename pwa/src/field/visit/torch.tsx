import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/index.ts';
import { t } from '../words/index.ts';

/** What browsers with a torch add to a track. */
interface Lamp {
  torch?: boolean;
}

/** The browser knows the word; whether this camera has a light is seen when it is asked. */
function mayHaveTorch(): boolean {
  const known = navigator.mediaDevices?.getSupportedConstraints?.() as Lamp | undefined;
  return known?.torch === true && navigator.maxTouchPoints > 0;
}

/** Torch lights a dark doorstep by the lamp of the camera, of which nothing is looked at or kept. It goes out with the screen. */
export function Torch() {
  const on = useSignal(false);
  const none = useSignal(false);
  const track = useRef<MediaStreamTrack | undefined>(undefined);
  const off = () => {
    track.current?.stop();
    track.current = undefined;
    on.value = false;
  };
  useEffect(() => off, []);
  if (!mayHaveTorch()) return null;
  const toggle = async () => {
    if (on.value) return off();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
      [track.current] = stream.getVideoTracks();
      const can = track.current?.getCapabilities?.() as Lamp | undefined;
      if (!can?.torch) throw new Error('no torch');
      await track.current?.applyConstraints({ advanced: [{ torch: true } as MediaTrackConstraintSet] });
      on.value = true;
    } catch {
      off();
      none.value = true;
    }
  };
  if (none.value) return <p class="ta-small ta-soft">{t('torch_none')}</p>;
  return (
    <Button icon="torch" aria-pressed={on.value} onClick={() => void toggle()}>
      {t('torch')}
    </Button>
  );
}
