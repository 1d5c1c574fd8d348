import type { ComponentChildren } from 'preact';
import { Notice } from '../../ui/index.ts';
import { owedHand } from '../paper/second.ts';
import { phone } from '../phone.ts';
import { slotPrefix } from '../photo/slot.ts';
import { patience, useAfter, useOwn } from '../use.ts';
import { t } from '../words/index.ts';
import { paperWord } from '../words/kinds.ts';
import { identityKey, placeKey } from './drafts.ts';
import { type Held, isOver } from './use.ts';

/**
 * Pending names what was begun and is not in a record yet: photos on their way, papers half filled, words not kept. What follows it comes with it,
 * so that nothing moves away under the thumb; where the store does not answer it comes without.
 * Once the visit is over no paper goes on: whoever was to sign it is not there any more (see paper/left.tsx).
 */
export function Pending({ v, children }: { v: Held; children: ComponentChildren }) {
  const { drafts } = phone();
  const ask = async () => {
    const photos = await drafts.keys(slotPrefix({ case: v.caseID, visit: v.visit }));
    const papers = await drafts.keys(`paper/${v.visit}/`);
    const [note] = await drafts.keys(`note/${v.visit}`);
    const [hearing] = await drafts.keys(`hearing/${v.visit}`);
    const [identity] = await drafts.keys(identityKey(v.visit));
    const [place] = await drafts.keys(placeKey(v.visit));
    return { photos: photos.length, papers: papers.map((k) => k.split('/')[2] ?? ''), note, hearing, identity, place };
  };
  const begun = useOwn(() => ask().catch(() => null), v.visit);
  const isLate = useAfter(patience);
  if (begun === undefined && !isLate) return null;
  return (
    <>
      {begun && <Begun v={v} begun={begun} />}
      {children}
    </>
  );
}

interface Drafts {
  photos: number;
  /** The templates of those that are half filled. */
  papers: string[];
  note: string | undefined;
  hearing: string | undefined;
  identity: string | undefined;
  place: string | undefined;
}

function Begun({ v, begun }: { v: Held; begun: Drafts }) {
  const at = `/field/visit/${v.visit}`;
  const over = isOver(v);
  const list: [string, string][] = (over ? [] : begun.papers).map((p) => [
    `${at}/paper/${p}`,
    t('pending_paper', { paper: paperWord(p) }),
  ]);
  if (begun.photos > 0) list.unshift([`${at}/photo`, t('pending_photos', { n: begun.photos })]);
  if (begun.note) list.push([`${at}/note`, t('pending_paper', { paper: t('do_note') })]);
  if (begun.hearing) list.push([`${at}/hearing`, t('pending_paper', { paper: t('do_hearing') })]);
  if (!over && begun.identity) list.push([`${at}/identity`, t('pending_paper', { paper: t('do_identity') })]);
  if (!over && begun.place) list.push([`${at}/place`, t('pending_paper', { paper: t('do_place') })]);
  if (!over && owedHand(v.records ?? [])) list.push([`${at}/paper/return_receipt`, t('pending_returner')]);
  if (list.length === 0) return null;
  return (
    <Notice kind="warning" title={t('pending_title')}>
      <ul class="fd-plain">
        {list.map(([href, words]) => (
          <li key={href}>
            <a href={href}>{words}</a>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
