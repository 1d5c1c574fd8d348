import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inLanguage, type Tree } from '../../core/record/index.ts';
import { Button, LanguageSwitch, Notice, Page } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved, showFirstFault } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Phrases } from '../phrases.tsx';
import { startSampling } from '../place/sampler.ts';
import { Practice } from '../screen.tsx';
import { lang } from '../words/index.ts';
import { t } from '../words/paper.ts';
import { backToRep } from './back.ts';
import { isOwn, isPenned, rewritten, turned } from './draft.ts';
import { hand, handed } from './handed.ts';
import { Input } from './input.tsx';
import type { PaperProps } from './paper.tsx';
import { faultsOf, isRequired, workerItems } from './parts.ts';
import { Read } from './read.tsx';
import { Resumed } from './resumed.tsx';
import { sealDeclined } from './seal.ts';
import { TakeBack } from './takeback.tsx';

/** Keeps the browser's own back from leaving the worker's view. */
function useNoWayBack(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const stay = () => history.pushState(null, '', location.href);
    stay();
    addEventListener('popstate', stay);
    return () => removeEventListener('popstate', stay);
  }, [on]);
}

/**
 * HandOver is the worker's view: the paper and nothing else. The rep gets out of it with his PIN. What the rep himself has to sign, or to keep once
 * it is signed with a pen, stays in his hands.
 */
export function HandOver(props: PaperProps) {
  const { t: paper, d, change } = props;
  const reps = isOwn(paper, d) || (isPenned(paper, d) && !handed.value);
  useNoWayBack(!reps);
  useEffect(() => {
    if (!reps && !handed.peek()) hand({ visit: props.v.visit, template: paper.id, lang: lang.peek() });
  }, []);
  useEffect(() => {
    if (!reps && d.lang !== lang.value && d.stage !== 'read' && !d.second) change(turned(paper, d, lang.value));
  }, [lang.value]);
  switch (reps ? 'read' : d.stage) {
    case 'welcome':
      return <Welcome {...props} />;
    case 'answer':
      return <Answer {...props} />;
    case 'decline':
      return <Decline {...props} />;
    default:
      return <Read {...props} />;
  }
}

function Welcome(props: PaperProps) {
  const { t: paper, change } = props;
  return (
    <Page
      title={inLanguage(paper.title, lang.value)}
      strip={<Practice of={props.v.case} />}
      beside={<LanguageSwitch />}
      actions={
        <>
          <Button kind="primary" wide class="fd-go" onClick={() => change({ stage: 'answer' })}>
            {t('welcome_go')}
          </Button>
          <Button wide onClick={() => change({ stage: 'decline' })}>
            {t('decline')}
          </Button>
        </>
      }
    >
      <p class="fd-large">{t('welcome_1')}</p>
      <p class="fd-large">{t('welcome_2')}</p>
      <p class="fd-large">{t('welcome_3')}</p>
      <TakeBack onBack={() => backToRep(props)} />
    </Page>
  );
}

/** Answer asks the worker for his own words, what must be there first. */
function Answer(props: PaperProps) {
  const { t: paper, d, resumed, change } = props;
  const asked = useSignal(false);
  const items = workerItems(paper);
  const faults = faultsOf(paper, d.values, items);
  const set = (key: string, value: Tree | undefined) => {
    const values = { ...d.values };
    if (value === undefined) delete values[key];
    else values[key] = value;
    change(rewritten(paper, d, values, 'worker'));
  };
  const must = items.filter((i) => isRequired(i, d.values));
  const may = items.filter((i) => !isRequired(i, d.values));
  const input = (i: (typeof items)[number]) => (
    <Input
      key={i.key}
      item={i}
      value={d.values[i.key]}
      required={isRequired(i, d.values)}
      fault={asked.value ? faults.get(i.key) : undefined}
      onChange={(value) => set(i.key, value)}
    />
  );
  return (
    <Page
      title={t('answer_title')}
      strip={<Practice of={props.v.case} />}
      beside={<LanguageSwitch />}
      actions={
        <>
          <Button
            kind="primary"
            wide
            onClick={() => {
              asked.value = true;
              if (faults.size > 0) showFirstFault();
              else change({ stage: 'read' });
            }}
          >
            {t('answer_next')}
          </Button>
          <Button kind="quiet" wide onClick={() => change({ stage: 'decline' })}>
            {t('decline')}
          </Button>
        </>
      }
    >
      <Resumed at={resumed} />
      <p>{t('answer_what')}</p>
      {asked.value && faults.size > 0 && <Notice kind="warning" title={t('rep_missing', { n: faults.size })} />}
      {must.map(input)}
      <details class="fd-more" open={may.some((i) => d.values[i.key] !== undefined)}>
        <summary>{t('answer_more')}</summary>
        <div class="ta-stack">{may.map(input)}</div>
      </details>
      <TakeBack onBack={() => backToRep(props)} />
    </Page>
  );
}

/** Decline is a way out like any other: kept, with the reason in the worker's words. */
function Decline(props: PaperProps) {
  const { v, t: paper, d, change, seal } = props;
  const reason = d.reason ?? '';
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  const keep = async () => {
    if (busy.value || !reason.trim()) return;
    busy.value = true;
    const sampler = startSampling(() => phone().now());
    try {
      // What he has written until the tap is what he said.
      const sealed = await seal(async () => sealDeclined(v, paper, d, reason.trim(), await sampler.settle(3000)));
      hand({
        visit: v.visit,
        template: paper.id,
        lang: handed.peek()?.lang ?? lang.peek(),
        sealed: sealed.hash,
        declined: true,
      });
    } catch (fault) {
      failure.value = failureOf(fault);
      busy.value = false;
    }
    sampler.stop();
  };
  return (
    <Page
      title={t('decline')}
      strip={<Practice of={props.v.case} />}
      beside={<LanguageSwitch />}
      actions={
        <>
          <Button kind="primary" wide busy={busy.value} aria-disabled={!reason.trim()} onClick={() => void keep()}>
            {t('decline_keep')}
          </Button>
          <Button kind="quiet" wide onClick={() => change({ stage: d.second ? 'read' : 'welcome' })}>
            {t('decline_back')}
          </Button>
        </>
      }
    >
      <p class="fd-large">{t('decline_what')}</p>
      <NotSaved failure={failure.value} />
      <Phrases
        label={t('decline_reason')}
        phrases={[t('decline_1'), t('decline_2'), t('decline_3'), t('decline_4')]}
        value={reason}
        required
        onInput={(value) => void change({ reason: value })}
      />
      <TakeBack onBack={() => backToRep(props)} />
    </Page>
  );
}
