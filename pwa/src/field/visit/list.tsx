import { useEffect, useState } from 'preact/hooks';
import type { HeldRecord, ItemState } from '../../engine/index.ts';
import { Chip, formatTime, Icon, type IconName, type Tone } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { lang, t } from '../words/index.ts';
import { kindWord, paperWord, roleWord } from '../words/kinds.ts';
import { fixWord } from './places.ts';
import { timeline } from './timeline.ts';

const icons: Record<string, IconName> = {
  'visit.started': 'door',
  'visit.ended': 'logout',
  'place.changed': 'map',
  'photo.captured': 'camera',
  'photo.redacted': 'photo',
  'note.written': 'edit',
  'identity.checked': 'member',
  'hearing.read_back': 'message',
  'policy.explained': 'flag',
  'declaration.signed': 'sign',
  'declaration.declined': 'sign',
  'item.received': 'item',
  'contact.logged': 'phone',
  'record.amended': 'replay',
};

/** Timeline is what has been kept, one thing below the other, each with where it is now: here, or with the server too. */
export function Timeline({ records }: { records: readonly HeldRecord[] }) {
  return (
    <ol class="fd-timeline">
      {timeline(records, lang.value).map((e) => (
        <li key={e.hash}>
          <span class="fd-timeline__icon">
            <Icon name={icons[e.kind] ?? 'document'} />
          </span>
          <a href={`/field/record/${e.hash}`} class="fd-timeline__body">
            <span class="fd-timeline__head">
              <time>{formatTime(e.at)}</time>
              <strong>{kindWord(e.kind)}</strong>
              {e.amended && <Chip>{t('amended')}</Chip>}
            </span>
            {e.paper && <span>{paperWord(e.paper)}</span>}
            {e.photos.length > 0 && <span>{e.photos.map((p) => roleWord(p.role)).join(t('and'))}</span>}
            {e.detail && <span class="fd-timeline__detail">{e.detail}</span>}
            {e.photos.length > 0 && (
              <span class="fd-photos">
                {e.photos.map((p, n) => (
                  <Thumb key={n} shown={p.shown} role={p.role} />
                ))}
              </span>
            )}
            <span class="fd-timeline__foot">
              <State state={e.state} />
              {e.place && <span>{fixWord(e.place)}</span>}
            </span>
          </a>
        </li>
      ))}
    </ol>
  );
}

/** State says which of the two facts holds: saved here, or received by the server. */
export function State({ state }: { state: ItemState }) {
  const look: Record<ItemState, { tone: Tone; icon: IconName; word: string }> = {
    waiting: { tone: 'neutral', icon: 'device', word: t('saved_here') },
    sending: { tone: 'neutral', icon: 'upload', word: t('sending') },
    received: { tone: 'success', icon: 'done', word: t('server_has') },
    attention: { tone: 'warning', icon: 'caution', word: t('attention') },
  };
  return (
    <Chip tone={look[state].tone} icon={look[state].icon}>
      {look[state].word}
    </Chip>
  );
}

/** Thumb shows a photo of this phone, or says honestly that it cannot. */
export function Thumb({ shown, role, large }: { shown: string; role: string; large?: boolean }) {
  const url = usePicture(shown);
  const name = roleWord(role);
  const look = large ? 'fd-photo fd-photo--large' : 'fd-photo';
  if (!url) {
    return (
      <span class={`${look} fd-photo--none`}>
        <Icon name="photo" />
        <span>{name}</span>
        <small>{t('photo_not_shown')}</small>
      </span>
    );
  }
  return <img class={look} src={url} alt={name} decoding="async" />;
}

/** An address for the bytes of a kept picture; "" until there is one. */
export function usePicture(sha256: string): string {
  const [url, set] = useState('');
  useEffect(() => {
    if (!sha256) return;
    let made = '';
    let live = true;
    phone()
      .blob(sha256)
      .then((bytes) => {
        if (!live) return;
        made = URL.createObjectURL(new Blob([bytes]));
        set(made);
      })
      .catch(() => undefined); // gone or damaged: the placeholder says that it cannot be shown
    return () => {
      live = false;
      if (made) URL.revokeObjectURL(made);
      set('');
    };
  }, [sha256]);
  return url;
}
