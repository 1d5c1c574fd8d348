import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { type Channel, type ContactResult, channels, contactResults, inLanguage } from '../../core/record/index.ts';
import { Field, TextArea, TextInput } from '../../ui/index.ts';
import { type Failure, failureOf, NotSaved, tellSaved } from '../failure.tsx';
import { phone } from '../phone.ts';
import { Screen } from '../screen.tsx';
import { Missing } from '../visit/missing.tsx';
import { lang, t } from '../words/index.ts';
import { workerOf } from './facts.ts';

/** What can come of each way; the first ones are the usual. */
const results: Record<Channel, readonly ContactResult[]> = {
  phone: ['no_answer', 'voicemail', 'reached', 'promised', 'refused', 'do_not_come', 'disputed', 'wrong_address'],
  sms: ['sent', 'replied', 'promised', 'refused', 'do_not_come', 'disputed', 'undelivered'],
  mail: ['sent', 'replied', 'promised', 'refused', 'do_not_come', 'disputed', 'undelivered'],
  line: ['sent', 'replied', 'promised', 'refused', 'do_not_come', 'disputed', 'undelivered'],
  post: ['sent', 'delivered', 'undelivered', 'replied', 'wrong_address'],
  certified_mail: ['sent', 'delivered', 'undelivered', 'replied', 'wrong_address'],
};

/** ContactPage keeps a try to reach the worker in two taps: the way, what came of it. A few words may come before the second. */
export function ContactPage({ caseID = '' }: { caseID?: string }) {
  const app = phone();
  const { route } = useLocation();
  const channel = useSignal<Channel | ''>('');
  const note = useSignal('');
  const tracking = useSignal('');
  const when = useSignal('');
  const failure = useSignal<Failure>('');
  const busy = useSignal(false);
  const c = app.cases.list.value.find((one) => one.id === caseID);
  if (!c) return <Missing title={t('contact_add')} />;
  /** What is tried in the middle of a visit belongs to it. */
  const visit = app.visits.value.find((v) => v.case === c.id && v.endedAt === undefined)?.visit;
  const back = visit ? `/field/visit/${visit}` : `/field/case/${c.id}`;
  const keep = async (way: Channel, result: ContactResult) => {
    if (busy.value) return;
    busy.value = true;
    const fields: [string, unknown][] = [
      ['channel', way],
      ['result', result],
    ];
    if (tracking.value.trim()) fields.push(['tracking_no', tracking.value.trim()]);
    if (note.value.trim()) fields.push(['note', note.value]);
    const occurred = Date.parse(when.value);
    if (occurred > 0 && occurred < app.now()) fields.push(['occurred_at', occurred]);
    try {
      await app.seal({ kind: 'contact.logged', case: c.id, ...(visit ? { visit } : {}), fields });
      const label = (list: readonly { code: string; ja: string; en: string }[], code: string) =>
        inLanguage(list.find((one) => one.code === code) ?? { ja: code, en: code }, lang.value);
      tellSaved(t('contact_saved', { channel: label(channels, way), result: label(contactResults, result) }));
      route(back, true);
    } catch (fault) {
      failure.value = failureOf(fault);
      busy.value = false;
    }
  };
  const way = channel.value;
  const posted = way === 'post' || way === 'certified_mail';
  return (
    <Screen title={t('contact_add')} of={c} back={back}>
      <p class="ta-soft">{workerOf(c)}</p>
      <NotSaved failure={failure.value} />
      <section class="ta-stack" aria-labelledby="way">
        <h2 id="way">{t('contact_way')}</h2>
        <div class="fd-tiles fd-tiles--3">
          {channels.map((one) => (
            <button
              key={one.code}
              type="button"
              class="fd-tile fd-tile--small"
              aria-pressed={way === one.code}
              onClick={() => {
                channel.value = one.code;
              }}
            >
              {inLanguage(one, lang.value)}
            </button>
          ))}
        </div>
      </section>
      {way && (
        <section class="ta-stack" aria-labelledby="result">
          <h2 id="result">{t('contact_result')}</h2>
          <p class="ta-soft ta-small">{t('contact_result_hint')}</p>
          <div class="fd-tiles">
            {results[way].map((code) => (
              <button key={code} type="button" class="fd-tile fd-tile--small" onClick={() => void keep(way, code)}>
                {inLanguage(contactResults.find((one) => one.code === code) ?? { ja: code, en: code }, lang.value)}
              </button>
            ))}
          </div>
          {posted && (
            <Field label={t('tracking_no')} optional>
              <TextInput
                inputmode="numeric"
                value={tracking.value}
                maxLength={200}
                onInput={(e) => {
                  tracking.value = e.currentTarget.value;
                }}
              />
            </Field>
          )}
          <Field label={t('contact_when')} hint={t('contact_when_hint')} optional>
            <TextInput
              type="datetime-local"
              value={when.value}
              onInput={(e) => {
                when.value = e.currentTarget.value;
              }}
            />
          </Field>
          <Field label={t('contact_note')} optional>
            <TextArea
              value={note.value}
              maxLength={4000}
              onInput={(e) => {
                note.value = e.currentTarget.value;
              }}
            />
          </Field>
        </section>
      )}
    </Screen>
  );
}
