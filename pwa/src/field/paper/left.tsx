import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Button, formatDateTime, LinkButton, Notice } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { patience, useAfter, useOwn } from '../use.ts';
import type { Held } from '../visit/use.ts';
import { paperWord } from '../words/kinds.ts';
import { t } from '../words/paper.ts';
import { isOwn, isPenned, type PaperDraft, pageKeys, paperKey } from './draft.ts';
import { textSoFar } from './parts.ts';
import { templateOf } from './templates.ts';

/** A paper that was begun and came to no record before its visit was over. */
interface Begun {
  draft: PaperDraft;
  /** As far as it is written, in its language; "" for a form that this phone does not know any more. */
  text: string;
  /** Its pages are photographed, and all that is left to do is the rep's. */
  canBeKept: boolean;
}

/**
 * Left names the papers that a visit has left half filled. Nobody is there to sign them any more, so they do not go on; but nothing of them goes away
 * either until the rep, who can read here what was written, says so. One on paper, whose pages are photographed already, can still be kept as it is.
 * What follows comes with it, as it does after Pending.
 */
export function Left({ v, children }: { v: Held; children: ComponentChildren }) {
  const { drafts } = phone();
  const gone = useSignal(0);
  const begun = useOwn(async () => {
    const keys = await drafts.keys(`paper/${v.visit}/`);
    const all = await Promise.all(keys.map((key) => drafts.get<PaperDraft>(key)));
    return Promise.all(all.filter((draft) => draft !== undefined).map(asWritten));
  }, [v.visit, gone.value].join());
  const isLate = useAfter(patience);
  if (!begun && !isLate) return null;
  return (
    <>
      {begun?.map((b) => (
        <One key={b.draft.template} v={v} begun={b} onGone={() => gone.value++} />
      ))}
      {children}
    </>
  );
}

async function asWritten(draft: PaperDraft): Promise<Begun> {
  const template = await templateOf(draft.template, draft.version);
  if (!template) return { draft, text: '', canBeKept: false };
  const canBeKept = isPenned(template, draft) || (isOwn(template, draft) && draft.pages > 0);
  return { draft, text: textSoFar(template, draft.values, draft.lang), canBeKept };
}

function One({ v, begun: { draft, text, canBeKept }, onGone }: { v: Held; begun: Begun; onGone(): void }) {
  const { drafts } = phone();
  const asked = useSignal(false);
  const failure = useSignal<Failure>('');
  const discard = async () => {
    try {
      for (const key of pageKeys(v.visit, draft)) await drafts.delete(key);
      await drafts.delete(paperKey(v.visit, draft.template)); // last: what a crash leaves is still named here
      onGone();
    } catch (fault) {
      failure.value = failureOf(fault);
    }
  };
  return (
    <Notice kind="warning" title={t('left_title', { paper: paperWord(draft.template) })}>
      <NotSaved failure={failure.value} />
      <p>{canBeKept ? t('left_pages', { n: draft.pages }) : t('left_why')}</p>
      <div class="ta-stack ta-stack--close">
        <details class="fd-more">
          <summary>{t('left_look', { at: formatDateTime(draft.at) })}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
          <pre class="fd-paper fd-paper--left" lang={draft.lang} tabIndex={0}>
            {text}
          </pre>
        </details>
        {canBeKept && (
          <LinkButton wide icon="camera" href={`/field/visit/${v.visit}/paper/${draft.template}`}>
            {t('left_keep')}
          </LinkButton>
        )}
        <Button
          wide
          kind={asked.value ? 'danger' : 'quiet'}
          icon="delete"
          onClick={() => {
            if (asked.value) void discard();
            else asked.value = true;
          }}
        >
          {asked.value ? t('left_sure') : t('left_discard')}
        </Button>
      </div>
    </Notice>
  );
}
