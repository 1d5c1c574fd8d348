import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Button, Field, Notice, TextInput } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved, tellSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Picker } from '../photo/picker.tsx';
import type { Taken } from '../photo/slot.ts';
import { receive } from '../photo/take.ts';
import type { Sampler } from '../place/sampler.ts';
import { isOver } from '../visit/use.ts';
import { lang } from '../words/index.ts';
import { t } from '../words/paper.ts';
import { isOwn, pageKey } from './draft.ts';
import { hand, handed, takeBack } from './handed.ts';
import type { PaperProps } from './paper.tsx';
import { NotReady, sealSigned, type Unready } from './seal.ts';
import { Pad } from './sign.tsx';

interface SigningProps extends PaperProps {
  sampler(): Sampler;
  shownMS(): number;
}

/** Signing is the foot of the paper: the hand on the screen, or the pages of a paper that was signed with a pen. */
export function Signing({ v, t: paper, d, change, seal: closing, sampler, shownMS }: SigningProps) {
  const why = useSignal<Unready | ''>('');
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  const own = isOwn(paper, d);
  useEffect(() => {
    why.value = '';
  }, [d.pages, d.paperKept, d.copyCode]);
  const onPaper = d.values.signature_method === 'P';
  const seal = async () => {
    if (busy.value) return;
    busy.value = true;
    why.value = '';
    try {
      const over = isOver(v);
      const now = onPaper ? { ...d, shown: { ...d.shown, ms: shownMS() } } : d;
      const shown = now.shown.ms > 0 ? now : { ...now, shown: { ...now.shown, ms: shownMS() } };
      // Nothing of the paper changes after the tap, however long the position takes: this is what was signed.
      const sealed = await closing(async () =>
        sealSigned(v, paper, shown, over ? undefined : await sampler().settle(3000)),
      );
      if (over) {
        tellSaved(t('paper_saved'));
        takeBack(`/field/visit/${v.visit}`);
        return;
      }
      sampler().stop();
      if (own) tellSaved(t('receipt_saved'));
      hand({ visit: v.visit, template: paper.id, lang: handed.peek()?.lang ?? lang.peek(), sealed: sealed.hash });
    } catch (fault) {
      if (fault instanceof NotReady) why.value = fault.why;
      else failure.value = failureOf(fault);
      busy.value = false;
    }
  };
  return (
    <section class="fd-signing" aria-labelledby="signing">
      <h2 id="signing">{t(onPaper ? 'sign_paper' : own ? 'sign_own' : 'sign_title')}</h2>
      <p>{t(onPaper ? 'sign_paper_what' : own ? 'sign_own_what' : 'sign_what')}</p>
      {onPaper ? (
        <Pages v={v} d={d} change={change} template={paper.id} busy={busy.value} />
      ) : (
        <Pad
          ink={d.ink}
          label={t('pad_label')}
          onBegin={() => {
            why.value = '';
            if (d.ink.strokes.length === 0) change({ shown: { ...d.shown, ms: shownMS() } });
          }}
          onInk={(ink) => change({ ink })}
        />
      )}
      {why.value && <Notice kind="warning" title={t(`unready_${why.value}`)} />}
      <NotSaved failure={failure.value} />
      <Button kind="primary" wide class="fd-go" icon="seal" busy={busy.value} onClick={() => void seal()}>
        {t('sign_keep')}
      </Button>
      <p class="ta-small ta-soft">{t('sign_keep_why')}</p>
    </section>
  );
}

interface PagesProps extends Pick<PaperProps, 'v' | 'd' | 'change'> {
  template: string;
  /** The paper is being sealed: no page comes to it any more. */
  busy: boolean;
}

/** Pages are the photos of a paper that was signed by hand, every one of them, and where the original is. */
function Pages({ v, d, change, template, busy }: PagesProps) {
  const app = phone();
  const failure = useSignal<Failure>('');
  /** The number of the last page, and of those that are on their way. */
  const last = useRef(d.pages);
  const taking = useRef(Promise.resolve());
  /** One after the other; the draft counts a page before its slot goes, so that a kill leaves it in one of them. */
  const take = (files: readonly File[]) => {
    taking.current = taking.current.then(() => takeAll(files));
  };
  const takeAll = async (files: readonly File[]) => {
    try {
      for (const file of files) {
        const n = last.current;
        const slot = {
          id: app.newID(),
          case: v.caseID,
          visit: v.visit,
          role: `paper_page_${n + 1}`,
          note: '',
          openedAt: app.now() - 60_000,
          asked: 'camera' as const,
        };
        const { taken } = await receive(slot, file);
        await app.drafts.put(pageKey(v.visit, template, n + 1), taken);
        last.current = n + 1;
        await change({ pages: n + 1 });
        await app.drafts.delete(`photo/${v.visit}/${slot.id}`);
      }
    } catch (fault) {
      failure.value = failureOf(fault);
    }
  };
  /** Only what is in no record yet can go. */
  const drop = async () => {
    const isLast = d.pages === 1 && !handed.peek(); // without a page it is not signed with a pen: the rep begins again
    last.current = d.pages - 1;
    await change({ pages: d.pages - 1, ...(isLast ? { stage: 'rep' } : {}) });
    await app.drafts.delete(pageKey(v.visit, template, d.pages));
  };
  return (
    <>
      <p>{t('pages', { n: d.pages })}</p>
      <div class="fd-photos">
        {Array.from({ length: d.pages }, (_, n) => (
          <PageThumb key={n} draft={pageKey(v.visit, template, n + 1)} n={n + 1} />
        ))}
      </div>
      <NotSaved failure={failure.value} />
      <Picker
        label={t('page_camera')}
        icon="camera"
        disabled={busy}
        capture
        onAsk={() => undefined}
        onCancel={() => undefined}
        onGiven={take}
      />
      {d.pages > 0 && !busy && (
        <Button kind="quiet" icon="delete" onClick={() => void drop()}>
          {t('page_drop')}
        </Button>
      )}
      <Field label={t('paper_kept')} hint={t('paper_kept_hint')} required>
        <TextInput value={d.paperKept} maxLength={200} onInput={(e) => change({ paperKept: e.currentTarget.value })} />
      </Field>
    </>
  );
}

/** PageThumb shows a page that was photographed and is in no record yet, or its number where the phone cannot show it. */
function PageThumb({ draft, n }: { draft: string; n: number }) {
  const url = useSignal('');
  useEffect(() => {
    let made = '';
    let live = true;
    void phone()
      .drafts.get<Taken>(draft)
      .then((page) => {
        if (!live || !page || !/^image\/(jpeg|png|webp)$/.test(page.type)) return;
        made = URL.createObjectURL(new Blob([page.bytes], { type: page.type }));
        url.value = made;
      });
    return () => {
      live = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [draft]);
  const name = t('page_n', { n });
  return url.value ? (
    <img class="fd-photo" src={url.value} alt={name} decoding="async" />
  ) : (
    <span class="fd-photo fd-photo--none">{name}</span>
  );
}
