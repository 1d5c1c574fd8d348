import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Template } from '../../core/form/index.ts';
import type { Tree } from '../../core/record/index.ts';
import { LinkButton, Notice } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved } from '../failure.tsx';
import { Input } from '../paper/input.tsx';
import { isRequired, repItems, textSoFar } from '../paper/parts.ts';
import { type Filled, prefill } from '../paper/prefill.ts';
import { newest } from '../paper/templates.ts';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { lang, t } from '../words/index.ts';
import { absenceKey } from './drafts.ts';
import { Missing } from './missing.tsx';
import { useVisit } from './use.ts';

/** AbsencePage is the words of the note that is left at a door: neutral, nothing of the matter. The photo of the note is the record. */
export function AbsencePage({ visitID = '' }: { visitID?: string }) {
  const app = phone();
  const v = useVisit(visitID);
  const paper = useSignal<Template | undefined>(undefined);
  const values = useSignal<Filled>({});
  const failure = useSignal<Failure>('');
  const key = absenceKey(visitID);
  const ready = v.standing !== undefined;
  useEffect(() => {
    if (!ready) return;
    void (async () => {
      const found = await newest('absence_note');
      if (!found) return;
      const sources = {
        case: v.case,
        profile: app.profile.value,
        memberName: app.member.value?.name ?? '',
        agency: { name: app.agency.value?.name ?? '', contact: app.agency.value?.contact ?? '' },
        now: app.now(),
        place: '',
        documentNo: '',
      };
      values.value = (await app.drafts.get<Filled>(key)) ?? prefill(found, sources, lang.value);
      paper.value = found;
    })();
  }, [ready, key]);
  if (v.records && !v.standing) return <Missing title={t('paper_absence')} />;
  const title = t('paper_absence');
  const back = `/field/visit/${visitID}`;
  const form = paper.value;
  if (!form)
    return (
      <Screen title={title} of={v.case} back={back}>
        {null}
      </Screen>
    );
  const items = repItems(form);
  const set = (name: string, value: Tree | undefined) => {
    const next = { ...values.value };
    if (value === undefined) delete next[name];
    else next[name] = value;
    values.value = next;
    app.drafts.put(key, next).then(
      () => {
        failure.value = '';
      },
      (fault) => {
        failure.value = failureOf(fault);
      },
    );
  };
  return (
    <Screen
      title={title}
      of={v.case}
      back={back}
      actions={
        <LinkButton kind="primary" wide icon="camera" href={`${back}/photo?role=absence_note`}>
          {t('absence_photo')}
        </LinkButton>
      }
    >
      <NotSaved failure={failure.value} />
      <Notice kind="info">
        <p>{t('absence_what')}</p>
      </Notice>
      <pre class="fd-paper fd-paper--large" lang={lang.value}>
        {textSoFar(form, values.value, lang.value)}
      </pre>
      {items.map((i) => (
        <Input
          key={i.key}
          item={i}
          value={values.value[i.key]}
          required={isRequired(i, values.value)}
          onChange={(value) => set(i.key, value)}
        />
      ))}
    </Screen>
  );
}
