import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Template } from '../../core/form/index.ts';
import { type Failure, failureOf, NotSaved } from '../failure.tsx';
import { Keeping } from '../keeping.ts';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { Missing } from '../visit/missing.tsx';
import { companionsOf } from '../visit/timeline.ts';
import { type Held, useVisit } from '../visit/use.ts';
import { lang } from '../words/index.ts';
import { t } from '../words/paper.ts';
import { isPenned, newDraft, type PaperDraft, paperKey } from './draft.ts';
import { handed } from './handed.ts';
import { HandOver } from './handover.tsx';
import { documentNo, prefill } from './prefill.ts';
import { Rep } from './rep.tsx';
import { Returning } from './returning.tsx';
import { owedHand, secondDraft } from './second.ts';
import { newest, templateOf } from './templates.ts';

/** What the rep typed of the agency and of himself on an earlier paper, for as long as the server does not say it. */
export const agencyKey = 'known/agency';

export interface Agency {
  name: string;
  contact: string;
  /** The rep's own. */
  affiliation?: string;
}

/** What every stage of a paper is given. */
export interface PaperProps {
  v: Held;
  t: Template;
  d: PaperDraft;
  /** When the draft that goes on here was kept; 0 for one that begins. */
  resumed: number;
  /** Changes the draft and keeps it; what is on the screen is on the phone before the finger is up. Resolves when it is written. */
  change(part: Partial<PaperDraft>): Promise<void>;
  /** Runs what seals the paper; meanwhile nothing changes it. */
  seal<R>(work: () => Promise<R>): Promise<R>;
}

/** When this page was loaded: only what was kept before that is gone on with. */
const loadedAt = Date.now();

/** PaperPage leads a paper from the rep's hands through the worker's and back. It stands where it was, whenever the page is killed. */
export function PaperPage({ visitID = '', template = '' }: { visitID?: string; template?: string }) {
  const v = useVisit(visitID);
  const over = handed.value;
  if (over?.sealed && over.visit === visitID && over.template === template) return <Returning over={over} v={v} />;
  if (v.records && !v.standing) return <Missing title={t('title')} />;
  // another paper is another page: nothing of one stays on the other
  return <Filling key={paperKey(visitID, template)} v={v} template={template} />;
}

/** Filling is a paper until it is sealed: what was kept, the second hand that is owed, or a new one. */
function Filling({ v, template }: { v: Held; template: string }) {
  const app = phone();
  const visitID = v.visit;
  const paper = useSignal<Template | null | undefined>(undefined);
  const draft = useSignal<PaperDraft | undefined>(undefined);
  const failure = useSignal<Failure>('');
  /** When what was found here had been kept; 0: it is new. */
  const resumed = useSignal(0);
  const key = paperKey(visitID, template);
  const keeping = useMemo(
    () =>
      new Keeping<PaperDraft>((next) =>
        app.drafts.put(key, next).then(
          () => {
            failure.value = '';
          },
          (fault) => {
            failure.value = failureOf(fault);
          },
        ),
      ),
    [key],
  );
  const ready = v.standing !== undefined;
  useEffect(() => {
    if (!ready || draft.value) return;
    void (async () => {
      const signed = template === 'return_receipt' ? owedHand(v.records ?? []) : undefined;
      const kept = (await app.drafts.get<PaperDraft>(key)) ?? (signed ? secondDraft(signed, app.now()) : undefined);
      const found = kept ? await templateOf(template, kept.version) : await newest(template);
      if (found && !kept) {
        const agency: Agency = (await app.drafts.get<Agency>(agencyKey)) ?? { name: '', contact: '' };
        const now = app.now();
        const me = app.profile.value;
        const values = prefill(
          found,
          {
            case: v.case,
            profile: { name: me?.name ?? '', affiliation: me?.affiliation || agency.affiliation, phone: me?.phone },
            memberName: app.member.value?.name ?? '',
            agency: {
              name: app.agency.value?.name || agency.name,
              contact: app.agency.value?.contact || agency.contact,
            },
            now,
            place: v.standing?.place ?? '',
            documentNo: documentNo(template, now, app.newID()),
          },
          lang.value,
        );
        const how = v.records?.findLast((r) => r.kind === 'identity.checked')?.fields.method;
        if (typeof how === 'string' && found.items.some((i) => i.key === 'identity_method'))
          values.identity_method = how;
        const beside = companionsOf(v.records ?? []);
        if (beside && found.items.some((i) => i.key === 'companions')) values.companions = beside;
        if (found.items.some((i) => i.key === 'signature_method')) values.signature_method = 'H';
        draft.value = newDraft(template, found.version, lang.value, values, now);
      } else {
        draft.value = kept;
        resumed.value = kept && kept.at < loadedAt ? kept.at : 0;
      }
      paper.value = found ?? null;
    })();
  }, [ready, key]);

  const change = (part: Partial<PaperDraft>) => {
    const next = draft.peek() && { ...(draft.peek() as PaperDraft), ...part, at: app.now() };
    if (next && keeping.keep(next)) draft.value = next;
    return keeping.written();
  };

  if (paper.value === null) return <Missing title={t('title')} />;
  if (!paper.value || !draft.value)
    return (
      <Screen title={t('title')} of={v.case} back={`/field/visit/${visitID}`}>
        {null}
      </Screen>
    );
  const props: PaperProps = {
    v,
    t: paper.value,
    d: draft.value,
    resumed: resumed.value,
    change,
    seal: (work) => keeping.seal(work),
  };
  return (
    <>
      <NotSaved failure={failure.value} />
      {draft.value.stage === 'rep' && !isPenned(paper.value, draft.value) ? (
        <Rep {...props} />
      ) : (
        <HandOver {...props} />
      )}
    </>
  );
}
