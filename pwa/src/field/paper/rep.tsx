import { useSignal } from '@preact/signals';
import { inLanguage } from '../../core/record/index.ts';
import { Button, Notice } from '../../ui/index.ts';
import { PinForm } from '../enrol/pin.tsx';
import { showFirstFault } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { lang } from '../words/index.ts';
import { t } from '../words/paper.ts';
import { rewritten } from './draft.ts';
import { hand } from './handed.ts';
import { Input } from './input.tsx';
import { type Agency, agencyKey, type PaperProps } from './paper.tsx';
import { faultsOf, isRequired, repItems } from './parts.ts';
import type { Filled } from './prefill.ts';
import { Resumed } from './resumed.tsx';

/** Rep is the part that the rep fills in. What is prefilled and rarely changes is folded away; what is missing is in sight. */
export function Rep({ v, t: paper, d, resumed, change }: PaperProps) {
  const app = phone();
  const asked = useSignal(false);
  const wantsPin = useSignal(false);
  const items = repItems(paper);
  const faults = faultsOf(paper, d.values, items);
  const first = useSignal(
    new Set(items.filter((i) => faults.has(i.key) || i.type === 'choice' || isOpen(i.key)).map((i) => i.key)),
  ).value;
  const set = (key: string, value: Filled[string] | undefined) => {
    const values = { ...d.values };
    if (value === undefined) delete values[key];
    else values[key] = value;
    change(rewritten(paper, d, values, 'rep'));
  };
  const own = paper.author === 'agency';
  const next = () => {
    asked.value = true;
    if (faults.size > 0) return showFirstFault();
    void app.drafts.put(agencyKey, knownFrom(d.values, app.agency.peek()));
    if (own) void change({ stage: 'read' });
    else if (app.lock.set.peek()) handOver();
    else wantsPin.value = true;
  };
  /** Handed over once it is written: the worker's view begins with what the phone has kept. */
  const handOver = () => {
    void change({ stage: 'welcome' }).then(() => hand({ visit: v.visit, template: paper.id, lang: lang.peek() }));
  };
  const show = (key: string) => {
    const item = items.find((i) => i.key === key);
    if (!item) return null;
    return (
      <Input
        key={key}
        item={item}
        value={d.values[key]}
        required={isRequired(item, d.values)}
        fault={asked.value ? faults.get(key) : undefined}
        without={key === 'signature_method' ? ['O'] : []}
        onChange={(value) => set(key, value)}
      />
    );
  };
  if (wantsPin.value)
    return (
      <Screen
        title={t('rep_pin')}
        of={v.case}
        back={() => {
          wantsPin.value = false;
        }}
      >
        <p>{t('rep_pin_why')}</p>
        <PinForm onDone={handOver} />
        <Button kind="quiet" wide onClick={handOver}>
          {t('rep_pin_without')}
        </Button>
      </Screen>
    );
  const folded = items.filter((i) => !first.has(i.key));
  const hidden = folded.some((i) => faults.has(i.key));
  return (
    <Screen
      title={inLanguage(paper.title, lang.value)}
      of={v.case}
      back={`/field/visit/${v.visit}`}
      actions={
        <Button kind="primary" wide icon={own ? 'sign' : 'arrow-right'} onClick={next}>
          {t(own ? 'rep_sign' : 'rep_hand')}
        </Button>
      }
    >
      <Resumed at={resumed} />
      <p class="ta-soft">{t(own ? 'rep_what_own' : 'rep_what')}</p>
      {asked.value && faults.size > 0 && <Notice kind="warning" title={t('rep_missing', { n: faults.size })} />}
      {items.filter((i) => first.has(i.key)).map((i) => show(i.key))}
      <details class="fd-more" open={asked.value && hidden}>
        <summary>{t('rep_prefilled', { n: folded.filter((i) => d.values[i.key] !== undefined).length })}</summary>
        <div class="ta-stack">{folded.map((i) => show(i.key))}</div>
      </details>
    </Screen>
  );
}

/** What the next paper need not be told again. */
function knownFrom(v: Filled, agency: { name: string; contact?: string | undefined } | undefined): Agency {
  const text = (key: string, otherwise = '') => (typeof v[key] === 'string' ? (v[key] as string) : otherwise);
  return {
    name: text('addressed_to', agency?.name),
    contact: text('pd_contact', agency?.contact),
    affiliation: text('witness_affiliation', text('received_by_affiliation')),
  };
}

/** The witness looks at these each time, filled in or not. */
function isOpen(key: string): boolean {
  return key === 'item_number' || key === 'companions' || key === 'condition_detail';
}
