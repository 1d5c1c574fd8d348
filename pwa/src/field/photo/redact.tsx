import './redact.css';
import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { HeldRecord } from '../../engine/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { NotSaved, tellSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { useOwn } from '../use.ts';
import { usePicture } from '../visit/list.tsx';
import { Missing } from '../visit/missing.tsx';
import { roleWord } from '../words/kinds.ts';
import { t } from '../words/redact.ts';
import { type Area, maxAreas } from './area.ts';
import { redactionKey, sealRedaction } from './redaction.ts';
import { redactable, shownOf } from './shown.ts';
import { Veil } from './veil.tsx';

interface RedactProps {
  hash?: string;
  /** blob: which photo of the record. next: what is photographed after it, for who came from the camera. */
  query?: Readonly<Record<string, string>>;
}

const none: { areas: Area[] } = { areas: [] };

/** RedactPage hides parts of a photo: what is drawn becomes a picture of its own, and the photo stays as it is. */
export function RedactPage({ hash = '', query = {} }: RedactProps) {
  const r = useOwn(async () => (await phone().record(hash)) ?? null, hash);
  if (r === undefined)
    return (
      <Screen title={t('title')} back={`/field/record/${hash}`}>
        {null}
      </Screen>
    );
  const all = r ? redactable(r) : [];
  const original = all.find((b) => b.id === query.blob) ?? all[0];
  return r && original ? (
    <Drawn key={original.id} record={r} original={original} next={query.next} />
  ) : (
    <Missing title={t('title')} />
  );
}

interface DrawnProps {
  record: HeldRecord;
  original: HeldRecord['blobs'][number];
  next: string | undefined;
}

function Drawn({ record: r, original, next }: DrawnProps) {
  const app = phone();
  const { route } = useLocation();
  const { form, change, failure, seal } = useKept<{ areas: Area[] }>(redactionKey(r, original), none);
  const unmade = useSignal(false);
  const busy = useSignal(false);
  const url = usePicture(shownOf(r, original));
  const c = app.cases.list.value.find((one) => one.id === r.case);
  const { areas } = form.value;
  const place = r.visit ? `/field/visit/${r.visit}` : `/field/case/${r.case}`;
  const keep = async () => {
    if (busy.value || areas.length === 0) return;
    busy.value = true;
    unmade.value = false;
    const sealed = await seal(() => sealRedaction(r, original, areas));
    unmade.value = sealed === false;
    if (!sealed) {
      busy.value = false; // after it has worked, a second tap is none
      return;
    }
    tellSaved(t('saved'));
    route(next ? `${place}/photo?role=${encodeURIComponent(next)}` : place, true);
  };
  return (
    <Screen
      title={t('title')}
      of={c}
      back={`/field/record/${r.hash}`}
      actions={
        <div class="fd-redact__ends">
          <Button
            aria-disabled={areas.length === 0 || busy.value}
            onClick={() => change({ areas: areas.slice(0, -1) })}
          >
            {t('undo')}
          </Button>
          <Button kind="primary" wide busy={busy.value} aria-disabled={areas.length === 0} onClick={() => void keep()}>
            {areas.length === 0 ? t('keep') : t('keep_n', { n: areas.length })}
          </Button>
        </div>
      }
    >
      <NotSaved failure={failure.value} />
      {unmade.value && (
        <Notice kind="warning" title={t('unmade')}>
          <p>{t('unmade_next')}</p>
        </Notice>
      )}
      <p>{t('how')}</p>
      {url && (
        <Veil
          url={url}
          label={roleWord(original.role)}
          areas={areas}
          onArea={(area) => {
            if (areas.length < maxAreas) change({ areas: [...areas, area] });
          }}
        />
      )}
      <div class="ta-stack ta-stack--close ta-small ta-soft">
        <p>{t('how_else')}</p>
        <p>{t('kept_both')}</p>
      </div>
    </Screen>
  );
}
