import { useEffect, useState } from 'preact/hooks';
import { jp1, photo as judgePhoto } from '../../core/policy/index.ts';
import { text } from '../../core/record/index.ts';
import { Button, Chip, formatBytes, formatTime, Notice, Progress } from '../../ui/index.ts';
import { useAct } from '../hooks.ts';
import { t } from '../words/index.ts';
import { isDrawn, type Photo, small } from './album.ts';
import { photoText } from './label.ts';
import { fetchChecked, usePicture } from './picture.ts';
import { Viewer } from './viewer.tsx';

export interface PhotosProps {
  photos: readonly Photo[];
  /** A picture is not the one that its record names. */
  onDiffers(sha256: string): void;
}

/** Photos is the grid of a visit's photos; one of them opens large. */
export function Photos({ photos, onDiffers }: PhotosProps) {
  const [open, setOpen] = useState<number | undefined>(undefined);
  if (photos.length === 0) return <p class="ta-soft">{t('visit.no_photos')}</p>;
  return (
    <div class="ta-stack">
      <ul class="office-photos">
        {photos.map((p, i) => (
          <li key={`${p.record.hash}.${p.original.id}`}>
            <Thumb photo={p} onOpen={() => setOpen(i)} onDiffers={onDiffers} />
          </li>
        ))}
      </ul>
      <CheckAll photos={photos} onDiffers={onDiffers} />
      <Viewer photos={photos} at={open} onMove={setOpen} onClose={() => setOpen(undefined)} />
    </div>
  );
}

type ThumbProps = { photo: Photo; onOpen(): void } & Pick<PhotosProps, 'onDiffers'>;

function Thumb({ photo: p, onOpen, onDiffers }: ThumbProps) {
  const shown = small(p);
  const seen = usePicture(p.record.hash, shown);
  useEffect(() => {
    if (seen.is === 'differs') onDiffers(shown.sha256);
  }, [seen.is]);
  const role = photoText(p.original.role, text(p.record, 'note'));
  const time = formatTime(p.record.at);
  const captured = p.record.kind === 'photo.captured';
  const finding = captured ? judgePhoto(jp1, p.original.role, text(p.record, 'note'))[0] : undefined;
  return (
    <>
      <button type="button" class="office-photo" onClick={onOpen} aria-label={t('photo.open', { role, time })}>
        {seen.is === 'same' && isDrawn(shown.type) ? (
          <img src={seen.url} alt="" loading="lazy" decoding="async" />
        ) : (
          <span class={`office-photo__none office-photo__none--${seen.is} ta-small`}>
            {placeholder(seen.is, shown.type)}
          </span>
        )}
      </button>
      <p class="ta-small">
        {role} <span class="ta-soft">{time}</span>
      </p>
      {p.hidden && <Chip icon="hide">{t('photo.has_hidden')}</Chip>}
      {text(p.record, 'source') === 'live' && <Chip>{t('source.live')}</Chip>}
      {text(p.record, 'source') === 'library' && <Chip tone="warning">{t('source.library')}</Chip>}
      {finding && (
        <Chip tone="warning">
          {finding.rule === 'photo_reason' ? t('photo.needs_reason') : t('photo.outside_list')}
        </Chip>
      )}
    </>
  );
}

/** What stands where no picture can be. */
export function placeholder(is: string, type: string): string {
  switch (is) {
    case 'asking':
      return t('photo.checking');
    case 'differs':
      return t('photo.differs');
    case 'absent':
      return t('photo.not_stored');
    case 'failed':
      return t('photo.failed');
    default:
      return isDrawn(type) ? '' : t('photo.not_shown');
  }
}

/** CheckAll fetches every original and compares it, for a reviewer who would rather not open each. */
function CheckAll({ photos, onDiffers }: PhotosProps) {
  const [done, setDone] = useState({ n: 0, same: 0, differ: 0, absent: 0 });
  const checking = useAct();
  const size = photos.reduce((sum, p) => sum + p.original.size, 0);
  const all = async () => {
    const count = { n: 0, same: 0, differ: 0, absent: 0 };
    for (const p of photos) {
      const result = p.original.stored ? await fetchChecked(p.record.hash, p.original) : 'failed';
      count.n++;
      if (result === 'differs') {
        count.differ++;
        onDiffers(p.original.sha256);
      } else if (result === 'failed') count.absent++;
      else count.same++;
      setDone({ ...count });
    }
  };
  const finished = done.n === photos.length && !checking.busy;
  return (
    <div class="ta-stack ta-stack--close">
      <div class="ta-row">
        <Button icon="seal" busy={checking.busy} onClick={() => checking.run(all)}>
          {t('photo.check_all', { size: formatBytes(size) })}
        </Button>
      </div>
      {checking.busy && <Progress label={t('photo.checking')} value={done.n} max={photos.length} />}
      {finished && done.differ > 0 && (
        <Notice kind="error" title={t('photo.some_differ', { n: done.differ })}>
          {t('photo.differs_hint')}
        </Notice>
      )}
      {finished && done.absent > 0 && <Notice kind="warning">{t('photo.some_absent', { n: done.absent })}</Notice>}
      {finished && done.same === photos.length && (
        <Notice kind="success">{t('photo.all_same', { n: done.same })}</Notice>
      )}
    </div>
  );
}
