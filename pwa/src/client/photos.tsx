import { blobFields, field, int, isOffice, type Opened, text } from '../core/record/index.ts';
import { formatDateTime, Icon } from '../ui/index.ts';
import type { Claim } from './claim.ts';
import type { Pictures } from './fetched.ts';
import type { Letter, Photo } from './letter.ts';
import { isSound } from './sound.ts';
import type { Report } from './verify.ts';
import { t } from './words/letter/index.ts';

interface Props {
  letter: Letter;
  report: Report;
  claims: readonly Claim[];
  pictures: Pictures;
}

/** Photos are those of the disclosure, each under what its record says of it. */
export function Photos({ letter, report, claims, pictures }: Props) {
  if (letter.photos.length === 0) return null;
  return (
    <section class="photos">
      <h2>{t('photos')}</h2>
      <ul class="photos__grid">
        {letter.photos.map((photo, n) => {
          const at = report.records.findIndex((r) => r?.hash === photo.record);
          const url = isSound(claims, at) ? pictures.urls.get(n) : undefined;
          const digest = pictures.digests.get(n);
          const { name, at: taken } = captionOf(photo, report);
          return (
            <li key={`${photo.record} ${photo.id}`}>
              <figure>
                {url !== undefined ? (
                  <img src={url} alt={name} />
                ) : (
                  <p class={digest === undefined ? 'photos__none' : 'photos__none photos__none--bad'}>
                    <Icon name={digest === undefined ? 'photo' : 'error'} />
                    <span>
                      {t(digest === undefined ? 'photo_loading' : digest === 'missing' ? 'photo_missing' : 'photo_bad')}
                    </span>
                  </p>
                )}
                <figcaption>
                  {name}
                  {taken !== undefined && (
                    <span class="ta-small ta-soft">{t('taken_at', { time: formatDateTime(taken) })}</span>
                  )}
                </figcaption>
              </figure>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const roles = ['badge_front', 'badge_back', 'badge_pieces', 'absence_note', 'exterior', 'police_slip'] as const;

/** captionOf names what a photo shows: the role of the original that it was made of, in its own record or in the one that was redacted. */
function captionOf(photo: Photo, report: Report): { name: string; at: number | undefined } {
  const own = report.records.find((r) => r?.hash === photo.record);
  if (own === undefined) return { name: t('role_other'), at: undefined };
  if (own.kind === 'photo.redacted') {
    const original = report.records.find((r) => r?.hash === text(own, 'record'));
    const what = original === undefined ? t('role_other') : roleOf(original, text(own, 'original'));
    // what the office makes hides no part of the picture
    return { name: t(isOffice(own) ? 'copied' : 'redacted', { what }), at: original && takenAt(original) };
  }
  const of = blobFields(own).find((b) => b.id === photo.id)?.of;
  return { name: roleOf(own, of === undefined || of === '' ? photo.id : of), at: takenAt(own) };
}

function roleOf(r: Opened, id: string): string {
  const role = r.blobs.find((b) => b.id === id)?.role ?? '';
  const page = /^paper_page_([0-9]+)$/.exec(role)?.[1];
  if (page !== undefined) return t('role_paper_page', { n: page });
  const known = roles.find((one) => one === role);
  return known === undefined ? text(r, 'note') || t('role_other') : t(`role_${known}`);
}

function takenAt(r: Opened): number | undefined {
  if (field(r, 'source').kind === 'absent') return undefined;
  return int(r, 'taken_at') ?? r.at;
}
