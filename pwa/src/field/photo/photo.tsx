import './photo.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { lazy } from 'preact-iso';
import { inLanguage } from '../../core/record/index.ts';
import { Button, Field, formatTime, LinkButton, Notice, TextInput } from '../../ui/index.ts';
import { type Failure, failureOf, JustSaved, NotSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
import { phone } from '../phone.ts';
import { inForce } from '../policy.ts';
import { Screen } from '../screen.tsx';
import { Missing } from '../visit/missing.tsx';
import { lang } from '../words/index.ts';
import { roleWord } from '../words/kinds.ts';
import { t } from '../words/photo.ts';
import { guidance } from './guidance.ts';
import { type Done, Kept } from './kept.tsx';
import { maxPage, nextPage } from './pages.ts';
import { Picker } from './picker.tsx';
import { prepare } from './preview.ts';
import type { Slot, Taken } from './slot.ts';
import { dropSlot, EmptyPhoto, openSlot, openSlots, receive, sealSlot } from './take.ts';

const Camera = lazy(() => import('./camera.tsx').then((m) => m.Camera));

/** Photos on their way into a record: who leaves this page and comes back does not send them there twice. */
const underway = new Set<string>();

interface PhotoProps {
  visitID?: string;
  caseID?: string;
  /** role: what is to be photographed, where one came from a list of what is missing. */
  query?: Readonly<Record<string, string>>;
}

/** PhotoPage takes photos: of what, then with what. The bytes are kept before anything else is done with them. */
export function PhotoPage({ visitID = '', caseID = '', query = {} }: PhotoProps) {
  const app = phone();
  const policy = inForce(app.policies.value);
  const role = useSignal(policy.photoRoles.find((r) => r.code === query.role));
  const page = useSignal(1);
  const noteKey = `photo-note/${visitID || caseID}`;
  const { form, change } = useKept(noteKey, { note: '' });
  const { note } = form.value;
  const live = useSignal(false);
  const working = useSignal(0);
  const failure = useSignal<Failure>('');
  const empty = useSignal(false);
  const done = useSignal<Done | undefined>(undefined);
  const pending = useSignal<Slot[]>([]);
  /** The slot that the last tap opened; the answer of the camera belongs to it. */
  const opening = useRef<Promise<Slot> | undefined>(undefined);
  const ofCase = caseID || app.visits.value.find((v) => v.visit === visitID)?.case || '';
  const c = app.cases.list.value.find((one) => one.id === ofCase);
  const back = visitID ? `/field/visit/${visitID}` : `/field/case/${caseID}`;
  const of = { case: ofCase, visit: visitID };

  const look = async () => {
    pending.value = ofCase ? await openSlots(of) : [];
  };
  useEffect(() => {
    void look().then(async () => {
      // What was taken before the page was killed goes on by itself (L04).
      for (const slot of pending.value) if (slot.taken) await finish(slot as Slot & { taken: Taken });
    });
    return () => {
      if (done.value?.url) URL.revokeObjectURL(done.value.url);
    };
  }, [ofCase, visitID]);
  useEffect(() => prepare(), []);
  const choose = async (r: typeof role.value) => {
    role.value = r;
    page.value = 1;
    if (r?.paged) page.value = nextPage(visitID ? await app.visit(visitID) : await app.recordsOf(caseID), r.code);
  };
  useEffect(() => void choose(role.value), []);
  if (!ofCase) return <Missing title={t('title')} />;

  /** What is photographed now; a page counts on from photo to photo. */
  const code = () => (role.value?.paged ? `${role.value.code}_${page.value}` : (role.value?.code ?? ''));
  const lacking = role.value?.reason === true && !note.trim();

  const finish = async (slot: Slot & { taken: Taken }) => {
    if (underway.has(slot.id)) return;
    underway.add(slot.id);
    working.value++;
    try {
      const { sealed, preview } = await sealSlot(slot);
      if (done.value?.url) URL.revokeObjectURL(done.value.url);
      const url = 'bytes' in preview ? URL.createObjectURL(new Blob([preview.bytes], { type: 'image/jpeg' })) : '';
      done.value = {
        hash: sealed.hash,
        role: slot.role,
        size: slot.taken.bytes.byteLength,
        source: slot.taken.source,
        preview,
        url,
      };
      failure.value = '';
      // It is in the record; it stays on the screen for the next photo. Words that were written since are no part of it.
      if (form.peek().note === slot.note) void app.drafts.delete(noteKey).catch(() => undefined);
      if (role.value?.paged) page.value = Math.min(maxPage, page.value + 1);
    } catch (fault) {
      failure.value = failureOf(fault);
    }
    underway.delete(slot.id);
    working.value--;
    await look();
  };
  const ask = (asked: Slot['asked']) => {
    const slot = openSlot({ ...of, role: code(), note, asked });
    slot.catch((fault) => {
      failure.value = failureOf(fault);
    });
    opening.current = slot;
    return slot;
  };
  const given = async (asked: Slot['asked'], files: readonly (Blob & { lastModified?: number })[]) => {
    empty.value = false;
    for (const file of files) {
      working.value++;
      let slot: Slot | undefined;
      try {
        slot = await (opening.current ?? ask(asked));
        opening.current = undefined;
        const full = await receive(slot, file);
        await finish(full as Slot & { taken: Taken });
      } catch (fault) {
        if (fault instanceof EmptyPhoto) empty.value = true;
        else failure.value = failureOf(fault);
        if (slot && fault instanceof EmptyPhoto) await dropSlot(slot); // nothing is on its way any more
      }
      working.value--;
    }
    await look();
  };
  const cancelled = async () => {
    const slot = await opening.current;
    opening.current = undefined;
    if (slot) await dropSlot(slot);
    await look();
  };

  if (live.value && role.value) {
    return (
      <Camera
        label={roleWord(code())}
        onTaken={async (blob) => {
          live.value = false;
          await given('live', [blob]);
        }}
        onClose={() => {
          live.value = false;
          void cancelled();
        }}
      />
    );
  }
  const interrupted = pending.value.filter((s) => !s.taken);
  const words = role.value && (
    <Field
      label={role.value.reason ? t('reason') : t('note')}
      required={role.value.reason}
      hint={lacking ? t('reason_hint') : undefined}
    >
      <TextInput
        value={note}
        maxLength={4000}
        onInput={(e) => {
          change({ note: e.currentTarget.value });
        }}
      />
    </Field>
  );
  return (
    <Screen title={t('title')} of={c} back={back}>
      <NotSaved failure={failure.value} />
      {empty.value && (
        <Notice kind="warning" title={t('empty')}>
          <p>{t('empty_next')}</p>
        </Notice>
      )}
      {working.value > 0 && (
        <Notice kind="info" title={t('working')}>
          <p>{t('working_safe')}</p>
        </Notice>
      )}
      {done.value && working.value === 0 && <Kept done={done.value} next={role.value?.code} />}
      {query.role && !done.value && <JustSaved />}
      {interrupted.length > 0 && working.value === 0 && (
        <Notice kind="warning" title={t('interrupted')}>
          <ul class="fd-plain">
            {interrupted.map((s) => (
              <li key={s.id} class="ta-row ta-row--apart">
                <span>{t('interrupted_one', { role: roleWord(s.role), at: formatTime(s.openedAt) })}</span>
                <Button kind="quiet" onClick={() => void dropSlot(s).then(look)}>
                  {t('interrupted_drop')}
                </Button>
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <section class="ta-stack ta-stack--close" aria-labelledby="what">
        <h2 id="what">{t('what')}</h2>
        <p class="ta-small ta-soft">{t('never')}</p>
        {role.value ? (
          <p class="fd-chosen">
            {inLanguage(role.value.name, lang.value)}
            <Button
              kind="quiet"
              onClick={() => {
                role.value = undefined;
              }}
            >
              {t('other_role')}
            </Button>
          </p>
        ) : (
          <div class="fd-tiles fd-tiles--roles">
            {policy.photoRoles.map((r) => (
              <button key={r.code} type="button" class="fd-tile fd-tile--small" onClick={() => void choose(r)}>
                {inLanguage(r.name, lang.value)}
              </button>
            ))}
          </div>
        )}
      </section>
      {role.value && (
        <section class="ta-stack ta-stack--close" aria-labelledby="how">
          <h2 id="how">{t('how')}</h2>
          <p>{t(guidance(role.value.code))}</p>
          {role.value.paged && (
            <Field label={t('page')}>
              <TextInput
                type="number"
                inputmode="numeric"
                min={1}
                max={maxPage}
                value={page.value}
                onInput={(e) => {
                  page.value = Math.min(maxPage, Math.max(1, Math.round(Number(e.currentTarget.value)) || 1));
                }}
              />
            </Field>
          )}
          {role.value.reason && words}
          <div class="ta-stack ta-stack--close">
            <Picker
              label={t('with_camera')}
              icon="camera"
              primary
              disabled={lacking}
              capture
              onAsk={() => void ask('camera')}
              onGiven={(files) => void given('camera', files)}
              onCancel={() => void cancelled()}
            />
            <Button
              wide
              icon="torch"
              aria-disabled={lacking}
              onClick={() => {
                void ask('live');
                live.value = true;
              }}
            >
              {t('in_app')}
            </Button>
            <Picker
              label={t('from_library')}
              icon="photo"
              disabled={lacking}
              onAsk={() => void ask('library')}
              onGiven={(files) => void given('library', files)}
              onCancel={() => void cancelled()}
            />
            <p class="ta-small ta-soft">{t('source_note')}</p>
          </div>
          {!role.value.reason && words}
        </section>
      )}
      <LinkButton wide href={back}>
        {t('back_to_visit')}
      </LinkButton>
    </Screen>
  );
}
