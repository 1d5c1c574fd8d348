import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { inLanguage, type Tree } from '../../core/record/index.ts';
import { Button, LanguageSwitch, Notice, Page } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Phrases } from '../phrases.tsx';
import { startSampling } from '../place/sampler.ts';
import { lang, setLang } from '../words/index.ts';
import { t } from '../words/paper.ts';
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

/** HandOver is the worker's view: the paper and nothing else. The rep gets out of it with his PIN. */
export function HandOver(props: PaperProps) {
  const { t: paper, d, change } = props;
  const own = paper.author === 'agency';
  useNoWayBack(!own);
  useEffect(() => {
    if (!own && !handed.peek()) hand({ visit: props.v.visit, template: paper.id, lang: lang.peek() });
  }, []);
  useEffect(() => {
    if (d.lang !== lang.value && d.stage !== 'read') change({ lang: lang.value });
  }, [lang.value]);
  switch (d.stage) {
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

/** Takes the phone back to the rep without anything being signed; what was filled in stays. */
function backToRep(change: PaperProps['change']): void {
  const mine = handed.peek()?.lang;
  hand(undefined);
  if (mine) setLang(mine);
  change({ stage: 'rep' });
}

function Welcome({ t: paper, change }: PaperProps) {
  return (
    <Page
      title={inLanguage(paper.title, lang.value)}
      beside={<LanguageSwitch />}
      actions={
        <>
          <Button kind="primary" wide class="fd-go" onClick={() => change({ stage: 'answer', lang: lang.value })}>
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
      <TakeBack onBack={() => backToRep(change)} />
    </Page>
  );
}

/** Answer asks the worker for his own words, what must be there first. */
function Answer({ t: paper, d, resumed, change }: PaperProps) {
  const asked = useSignal(false);
  const items = workerItems(paper);
  const faults = faultsOf(paper, d.values, items);
  const set = (key: string, value: Tree | undefined) => {
    const values = { ...d.values };
    if (value === undefined) delete values[key];
    else values[key] = value;
    change({ values });
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
      beside={<LanguageSwitch />}
      actions={
        <>
          <Button
            kind="primary"
            wide
            onClick={() => {
              asked.value = true;
              if (faults.size === 0) change({ stage: 'read', lang: lang.value });
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
      <TakeBack onBack={() => backToRep(change)} />
    </Page>
  );
}

/** Decline is a way out like any other: kept, with the reason in the worker's words. */
function Decline({ v, t: paper, d, change, seal }: PaperProps) {
  const reason = useSignal('');
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  const keep = async () => {
    if (busy.value || !reason.value.trim()) return;
    busy.value = true;
    const sampler = startSampling(() => phone().now());
    try {
      const sample = await sampler.settle(3000);
      const sealed = await seal(() => sealDeclined(v, paper, d, reason.value.trim(), sample));
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
      beside={<LanguageSwitch />}
      actions={
        <>
          <Button
            kind="primary"
            wide
            busy={busy.value}
            aria-disabled={!reason.value.trim()}
            onClick={() => void keep()}
          >
            {t('decline_keep')}
          </Button>
          <Button kind="quiet" wide onClick={() => change({ stage: 'welcome' })}>
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
        value={reason.value}
        required
        onInput={(value) => {
          reason.value = value;
        }}
      />
      <TakeBack onBack={() => backToRep(change)} />
    </Page>
  );
}
