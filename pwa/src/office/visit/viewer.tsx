import { useEffect, useRef, useState } from 'preact/hooks';
import { int, text } from '../../core/record/index.ts';
import {
  Button,
  Chip,
  DescriptionList,
  formatBytes,
  formatDateTime,
  Icon,
  LinkButton,
  Notice,
} from '../../ui/index.ts';
import { records } from '../api.ts';
import { address } from '../http.ts';
import { t, word } from '../words/index.ts';
import { type Hidden, isDrawn, type Photo, type Picture, small } from './album.ts';
import { photoText } from './label.ts';
import { placeholder } from './photos.tsx';
import { type Seen, usePicture } from './picture.ts';

export interface ViewerProps {
  photos: readonly Photo[];
  /** Which one is open; undefined: none. */
  at: number | undefined;
  onMove(at: number): void;
  onClose(): void;
}

/** Viewer shows one photo large, with what was recorded of its capture. Arrow keys go to the neighbours. */
export function Viewer({ photos, at, onMove, onClose }: ViewerProps) {
  const box = useRef<HTMLDialogElement>(null);
  const photo = at === undefined ? undefined : photos[at];
  useEffect(() => {
    const dialog = box.current;
    if (photo && !dialog?.open) dialog?.showModal();
    if (!photo && dialog?.open) dialog.close();
  }, [photo]);
  const move = (step: number) => {
    const next = (at ?? 0) + step;
    if (photos[next]) onMove(next);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowRight') move(1);
    if (event.key === 'ArrowLeft') move(-1);
  };
  return (
    <dialog
      class="office-viewer"
      ref={box}
      aria-label={photo ? photoText(photo.original.role) : undefined}
      onKeyDown={keys}
      onClose={onClose}
    >
      {photo && at !== undefined && (
        <>
          <header class="office-viewer__head">
            <h2>
              {photoText(photo.original.role)} <span class="ta-small ta-soft">{`${at + 1}/${photos.length}`}</span>
            </h2>
            <Step label={t('photo.previous')} icon="back" disabled={at === 0} onClick={() => move(-1)} />
            <Step label={t('photo.next')} icon="next" disabled={at === photos.length - 1} onClick={() => move(1)} />
            <Step label={t('photo.close')} icon="close" onClick={onClose} />
          </header>
          <Shown key={photo.original.sha256} photo={photo} />
        </>
      )}
    </dialog>
  );
}

function Step(props: { label: string; icon: 'back' | 'next' | 'close'; disabled?: boolean; onClick(): void }) {
  return (
    <button
      type="button"
      class="office-icon"
      aria-label={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}

function Shown({ photo }: { photo: Photo }) {
  const { record: r, original, preview, hidden } = photo;
  const [which, setWhich] = useState<Picture>(small(photo));
  const [large, setLarge] = useState(false);
  const seen = usePicture(r.hash, which);
  const taken = int(r, 'taken_at');
  return (
    <div class="office-viewer__body">
      <div class={large ? 'office-viewer__frame office-viewer__frame--large' : 'office-viewer__frame'}>
        {hidden ? (
          <div class="office-viewer__pair">
            <figure>
              <Drawn seen={seen} type={which.type} alt={photoText(original.role)} />
              <figcaption>{t('photo.as_taken')}</figcaption>
            </figure>
            <figure>
              <Beside hidden={hidden} alt={photoText(hidden.picture.role)} />
              <figcaption>{t('photo.as_hidden')}</figcaption>
            </figure>
          </div>
        ) : (
          <Drawn seen={seen} type={which.type} alt={photoText(original.role)} />
        )}
      </div>
      <div class="office-viewer__facts ta-stack">
        <div class="ta-row">
          {preview && (
            <fieldset class="office-tabs">
              <legend class="ta-hidden">{t('photo.which')}</legend>
              {[preview, original].map((p) => (
                <button key={p.id} type="button" aria-pressed={p.sha256 === which.sha256} onClick={() => setWhich(p)}>
                  {p === preview ? t('photo.preview') : t('photo.original')}
                </button>
              ))}
            </fieldset>
          )}
          <Button icon="search" aria-pressed={large} onClick={() => setLarge(!large)}>
            {large ? t('photo.fit') : t('photo.zoom')}
          </Button>
        </div>
        {seen.is === 'differs' ? (
          <Notice kind="error" title={t('photo.differs')}>
            {t('photo.differs_hint')}
          </Notice>
        ) : seen.is === 'absent' ? (
          <Notice kind="warning" title={t('photo.not_stored')}>
            {t('photo.not_stored_hint')}
          </Notice>
        ) : (
          seen.is === 'same' && (
            <p>
              <Chip tone="success" icon="check">
                {t('photo.same')}
              </Chip>
            </p>
          )
        )}
        <DescriptionList
          items={[
            { term: t('photo.role'), value: photoText(original.role) },
            { term: t('photo.source'), value: word(`source.${text(r, 'source')}`, t('unknown')) },
            taken !== undefined && { term: t('photo.taken_at'), value: formatDateTime(taken) },
            { term: t('photo.at'), value: formatDateTime(r.at) },
            text(r, 'note') !== '' && { term: t('field.note'), value: text(r, 'note') },
            { term: t('photo.type'), value: `${which.type} ${formatBytes(which.size)}` },
            { term: t('photo.sha256'), value: <code>{which.sha256}</code> },
          ]}
        />
        {original.stored && (
          <div class="ta-row">
            <LinkButton
              icon="download"
              href={address(records.blobPath(r.hash, original.sha256))}
              target="_blank"
              download={`${original.sha256}`}
            >
              {t('photo.download')}
            </LinkButton>
          </div>
        )}
      </div>
    </div>
  );
}

/** Beside is the picture in which parts of the photo are hidden. */
function Beside({ hidden: { record: r, picture }, alt }: { hidden: Hidden; alt: string }) {
  return <Drawn seen={usePicture(r.hash, picture)} type={picture.type} alt={alt} />;
}

function Drawn({ seen, type, alt }: { seen: Seen; type: string; alt: string }) {
  if (seen.is === 'same' && isDrawn(type)) return <img src={seen.url} alt={alt} />;
  return <p class="office-photo__none">{placeholder(seen.is, type)}</p>;
}
