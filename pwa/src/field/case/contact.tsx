import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { type Channel, type ContactResult, channels, contactResults, inLanguage } from '../../core/record/index.ts';
import { Field, TextArea, TextInput } from '../../ui/index.ts';
import { NotSaved, tellSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
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
  in_person: ['reached', 'promised', 'refused', 'do_not_come', 'disputed'],
  certified_mail: ['sent', 'delivered', 'undelivered', 'replied', 'wrong_address'],
};

/** What is chosen and written before a try is kept; at: when it was begun. */
interface Begun {
  at: number;
  channel: Channel | '';
  note: string;
  tracking: string;
  /** As the field gives it: a day and a minute in Japan. */
  when: string;
}

const empty: Begun = { at: 0, channel: '', note: '', tracking: '', when: '' };

/** Words that were begun so long ago, ms, belong to another try. */
const stale = 30 * 60_000;

interface ContactProps {
  caseID?: string;
  /** way: the channel that is chosen already, where one came from what was said at a door. */
  query?: Readonly<Record<string, string>>;
}

/** ContactPage keeps a try to reach the worker in two taps: the way, what came of it. A few words may come before the second. */
export function ContactPage({ caseID = '', query = {} }: ContactProps) {
  const app = phone();
  const { route } = useLocation();
  const key = `contact/${caseID}`;
  const { form, change, failure, seal } = useKept(key, empty, ({ at }) => Math.abs(app.now() - at) < stale);
  const { note, tracking, when } = form.value;
  const way = form.value.channel || (channels.find(({ code }) => code === query.way)?.code ?? '');
  const put = (part: Partial<Begun>) => change({ at: app.now(), ...part });
  const busy = useSignal(false);
  const asked = useSignal(false);
  const c = app.cases.list.value.find((one) => one.id === caseID);
  if (!c) return <Missing title={t('contact_add')} />;
  /** What is tried in the middle of a visit belongs to it. */
  const visit = app.visits.value.find((v) => v.case === c.id && v.endedAt === undefined)?.visit;
  const back = visit ? `/field/visit/${visit}` : `/field/case/${c.id}`;
  const occurred = Date.parse(`${when}:00+09:00`); // every paper and every screen tells Japan's time
  const isLater = occurred > app.now() + (app.clock.value.offsetMS ?? 0);
  const keep = async (way: Channel, result: ContactResult) => {
    asked.value = true;
    if (isLater || busy.value) return;
    busy.value = true;
    const fields: [string, unknown][] = [
      ['channel', way],
      ['result', result],
    ];
    if (tracking.trim()) fields.push(['tracking_no', tracking.trim()]);
    if (note.trim()) fields.push(['note', note]);
    if (occurred > 0) fields.push(['occurred_at', occurred]);
    const of = visit ? { visit } : {};
    const sealed = await seal(() => app.seal({ kind: 'contact.logged', case: c.id, ...of, fields, consumes: [key] }));
    if (!sealed) {
      busy.value = false; // after it has worked, a second tap is none
      return;
    }
    const label = (list: readonly { code: string; ja: string; en: string }[], code: string) =>
      inLanguage(list.find((one) => one.code === code) ?? { ja: code, en: code }, lang.value);
    tellSaved(t('contact_saved', { channel: label(channels, way), result: label(contactResults, result) }));
    route(back, true);
  };
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
              onClick={() => put({ channel: one.code })}
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
                value={tracking}
                maxLength={200}
                onInput={(e) => put({ tracking: e.currentTarget.value })}
              />
            </Field>
          )}
          <Field
            label={t('contact_when')}
            hint={t('contact_when_hint')}
            optional
            error={asked.value && isLater ? t('contact_when_later') : undefined}
          >
            <TextInput type="datetime-local" value={when} onInput={(e) => put({ when: e.currentTarget.value })} />
          </Field>
          <Field label={t('contact_note')} optional>
            <TextArea value={note} maxLength={4000} onInput={(e) => put({ note: e.currentTarget.value })} />
          </Field>
        </section>
      )}
    </Screen>
  );
}
