import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Item } from '../../core/form/index.ts';
import { inLanguage, type Tree } from '../../core/record/index.ts';
import { Button, Checkbox, digits, Field, Icon, Page, TextArea, TextInput } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { type Sampler, startSampling } from '../place/sampler.ts';
import { Practice } from '../screen.tsx';
import { isOver } from '../visit/use.ts';
import { lang, setLang } from '../words/index.ts';
import { t } from '../words/paper.ts';
import { backToRep } from './back.ts';
import { isOwn, isPenned, turned } from './draft.ts';
import { handed } from './handed.ts';
import { blank } from './pad.ts';
import type { PaperProps } from './paper.tsx';
import { besides, questions, textSoFar } from './parts.ts';
import { translated } from './prefill.ts';
import { Resumed } from './resumed.tsx';
import { newSecret } from './seal.ts';
import { Signing } from './signing.tsx';
import { TakeBack } from './takeback.tsx';

/** How often the time on the screen is kept. */
const keepEvery = 5000;

/**
 * Read is one long page in the order of a paper: the whole text, large; the
 * questions one by one, which open when the end was reached or it was read aloud;
 * the signature last. Nothing ever lies on top of the document (L28).
 */
export function Read(props: PaperProps) {
  const { t: paper, d, change } = props;
  const own = isOwn(paper, d);
  /** It is signed with a pen, and the worker has given the phone back: he is asked nothing more, and the text is as he has read it. */
  const penned = isPenned(paper, d) && !handed.value;
  const reps = own || penned;
  const end = useRef<HTMLDivElement>(null);
  const signing = useRef<HTMLDivElement>(null);
  /** The other language stands beside the one that is signed. */
  const both = useSignal(false);
  const other = d.lang === 'ja' ? 'en' : 'ja';
  const at = useSignal<string | undefined>(undefined);
  const sampler = useRef<Sampler | undefined>(undefined);
  const clock = useRef({ base: d.shown.ms, since: performance.now() });
  const shownMS = () =>
    penned ? d.shown.ms : clock.current.base + (document.hidden ? 0 : performance.now() - clock.current.since);
  const latest = useRef(d);
  latest.current = d;

  // Only while the text is on the screen of the one who signs does its time run.
  useEffect(() => {
    if (penned) return;
    const turn = () => {
      if (document.hidden) clock.current.base += performance.now() - clock.current.since;
      clock.current.since = performance.now();
    };
    document.addEventListener('visibilitychange', turn);
    const timer = setInterval(() => {
      if (latest.current.ink.strokes.length > 0) return; // signing has begun: what counts stands
      change({ shown: { ...latest.current.shown, ms: shownMS() } });
    }, keepEvery);
    return () => {
      document.removeEventListener('visibilitychange', turn);
      clearInterval(timer);
    };
  }, [penned]);
  useEffect(() => () => sampler.current?.stop(), []);
  useEffect(() => {
    const mark = end.current;
    if (!mark || d.shown.scrolledToEnd) return;
    const watch = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) change({ shown: { ...latest.current.shown, ms: shownMS(), scrolledToEnd: true } });
    });
    watch.observe(mark);
    return () => watch.disconnect();
  }, [d.shown.scrolledToEnd, d.lang]);

  const asked = questions(paper);
  const isAnswered = (i: Item) => i.key in d.values || d.shown.after[i.key] !== undefined;
  const open = asked.find((i) => i.key === at.value) ?? asked.find((i) => !isAnswered(i));
  const read = d.shown.scrolledToEnd || d.shown.readAloud;
  const ready = read && !open;
  const answer = (key: string, value: Tree | undefined) => {
    const values = { ...latest.current.values };
    if (value === undefined) delete values[key];
    else values[key] = value;
    const shown = {
      ...latest.current.shown,
      ms: shownMS(),
      after: { ...latest.current.shown.after, [key]: shownMS() },
    };
    const secret = key === 'copy' && value === 'qr' && !d.copySecret ? { copySecret: newSecret() } : {};
    const { [key]: _put, ...typed } = latest.current.typed ?? {};
    change({ values, shown, ink: blank, typed, ...secret });
    at.value = undefined;
  };
  /** The text in another language is another text: it is read anew. Whoever holds the phone is spoken to in the language that he reads. */
  const turnTo = (language: 'ja' | 'en') => {
    if (language !== d.lang) {
      clock.current = { base: 0, since: performance.now() };
      change(turned(paper, d, language));
    }
    if (!own) setLang(language);
  };
  useEffect(() => {
    if (!reps && !d.second && lang.value !== d.lang) turnTo(lang.value);
  }, [lang.value]);
  useEffect(() => {
    if (!ready) return;
    if (!isOver(props.v)) sampler.current ??= startSampling(() => phone().now());
    if (asked.length > 0) signing.current?.scrollIntoView({ block: 'start' });
  }, [ready]);

  return (
    <Page
      title={inLanguage(paper.title, d.lang)}
      strip={<Practice of={props.v.case} />}
      {...(own ? { back: () => change({ stage: 'rep' }) } : penned ? { back: `/field/visit/${props.v.visit}` } : {})}
    >
      <Resumed at={props.resumed} />
      <div class="fd-languages">
        {(d.second || penned ? [d.lang] : (['ja', 'en'] as const)).map((l) => (
          <button key={l} type="button" lang={l} aria-pressed={d.lang === l} onClick={() => turnTo(l)}>
            {l === 'ja' ? '日本語' : 'English'}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={both.value}
          onClick={() => {
            both.value = !both.value;
          }}
        >
          {t('both')}
        </button>
      </div>
      {both.value && <p class="ta-small ta-soft">{t('both_what')}</p>}
      {both.value ? (
        <div class="fd-paper fd-beside">
          {besides(textSoFar(paper, d.values, d.lang), textSoFar(paper, translated(paper, d.values, other), other)).map(
            (p, n) => (
              <div class="fd-beside__pair" key={n}>
                <p class="fd-paper--large" lang={d.lang}>
                  {p.main}
                </p>
                <p lang={other}>{p.other}</p>
              </div>
            ),
          )}
        </div>
      ) : (
        <pre class="fd-paper fd-paper--large" lang={d.lang} tabIndex={-1}>
          {textSoFar(paper, d.values, d.lang)}
        </pre>
      )}
      <div ref={end} class="fd-paper-end" role="note">
        <Icon name="check" />
        {t('read_end')}
      </div>
      {!read && <p class="fd-large">{t('read_scroll')}</p>}
      {!reps && (
        <Checkbox
          checked={d.shown.readAloud}
          onChange={(on) => change({ shown: { ...d.shown, ms: shownMS(), readAloud: on } })}
        >
          {t('read_aloud')}
        </Checkbox>
      )}
      {read &&
        asked
          .filter(isAnswered)
          .filter((i) => i !== open)
          .map((i) => (
            <div class="fd-answered" key={i.key}>
              <span>
                <Icon name="check" />
                {said(i, d.values[i.key], d.lang)}
              </span>
              {!penned && (
                <Button
                  kind="quiet"
                  onClick={() => {
                    at.value = i.key;
                  }}
                >
                  {t('answer_change')}
                </Button>
              )}
            </div>
          ))}
      {read && open && (
        <Question
          key={open.key}
          item={open}
          n={asked.indexOf(open) + 1}
          of={asked.length}
          values={d.values}
          typed={d.typed?.[open.key]}
          language={d.lang}
          onType={(words) => change({ typed: { ...latest.current.typed, [open.key]: words } })}
          onAnswer={(value) => answer(open.key, value)}
        />
      )}
      {ready && d.values.copy === 'qr' && !d.second && (
        <Field
          label={t('copy_code')}
          hint={t(own ? 'copy_code_hint_own' : penned ? 'copy_code_hint_penned' : 'copy_code_hint')}
          required
          error={d.copyCode && !/^[0-9]{4,12}$/.test(d.copyCode) ? t('copy_code_wrong') : undefined}
        >
          <TextInput
            inputmode="numeric"
            autocomplete="off"
            value={d.copyCode}
            maxLength={12}
            onInput={(e) => change({ copyCode: digits(e.currentTarget.value) })}
          />
        </Field>
      )}
      {ready && (
        <div ref={signing}>
          <Signing
            {...props}
            sampler={() => {
              sampler.current ??= startSampling(() => phone().now());
              return sampler.current;
            }}
            shownMS={shownMS}
          />
        </div>
      )}
      {!reps && (
        <div class="ta-stack ta-stack--close">
          <Button wide onClick={() => change({ stage: 'decline' })}>
            {t('decline')}
          </Button>
          {!d.second && (
            <Button kind="quiet" wide onClick={() => change({ stage: 'answer' })}>
              {t('read_back')}
            </Button>
          )}
          <TakeBack onBack={() => backToRep(props)} />
        </div>
      )}
    </Page>
  );
}

function said(i: Item, v: Tree | undefined, language: string): string {
  if (i.type === 'consent') return `${inLanguage(i.label, language)}：${t(v === true ? 'agree' : 'disagree')}`;
  if (i.type === 'check')
    return v === true ? inLanguage(i.text, language) : t('check_left', { text: inLanguage(i.text, language) });
  if (i.type === 'choice')
    return `${inLanguage(i.label, language)}：${inLanguage(i.options.find((o) => o.code === v)?.label ?? { ja: '', en: '' }, language)}`;
  return `${inLanguage(i.label, language)}：${typeof v === 'string' ? v : t('nothing')}`;
}

interface QuestionProps {
  item: Item;
  n: number;
  of: number;
  values: PaperProps['d']['values'];
  /** Words that are being written, kept before they are put into the paper. */
  typed: string | undefined;
  language: string;
  onType(words: string): void;
  onAnswer(value: Tree | undefined): void;
}

/** Question is one thing at a time, large, with both answers equally easy. */
function Question({ item, n, of, values, typed, language, onType, onAnswer }: QuestionProps) {
  const put = values[item.key];
  const words = useSignal(typed ?? (typeof put === 'string' ? put : ''));
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (n > 1) box.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <section class="fd-question" ref={box} aria-labelledby={`q-${item.key}`}>
      <p class="ta-small ta-soft">{t('question', { n, of })}</p>
      {item.type === 'consent' && <p class="fd-question__label">{inLanguage(item.label, language)}</p>}
      <h2 id={`q-${item.key}`} class="fd-large">
        {inLanguage(item.type === 'check' || item.type === 'consent' ? item.text : item.label, language)}
      </h2>
      {item.type === 'consent' && (
        <div class="fd-pair">
          <Button wide class="fd-answer" onClick={() => onAnswer(true)}>
            {t('agree')}
          </Button>
          <Button wide class="fd-answer" onClick={() => onAnswer(false)}>
            {t('disagree')}
          </Button>
        </div>
      )}
      {item.type === 'check' && (
        <>
          <div class="ta-stack ta-stack--close">
            <Button wide class="fd-answer" onClick={() => onAnswer(true)}>
              {t('yes')}
            </Button>
            {!item.required && (
              <Button wide class="fd-answer" onClick={() => onAnswer(undefined)}>
                {t('leave_open')}
              </Button>
            )}
          </div>
          {item.required && <p class="ta-small ta-soft">{t('check_required')}</p>}
        </>
      )}
      {item.type === 'choice' && (
        <div class="ta-stack ta-stack--close">
          {item.options.map((o) => (
            <Button key={o.code} wide class="fd-answer" onClick={() => onAnswer(o.code)}>
              {inLanguage(o.label, language)}
            </Button>
          ))}
        </div>
      )}
      {item.type === 'paragraph' && (
        <>
          <Field label={t('own_words')}>
            <TextArea
              value={words.value}
              maxLength={1000}
              onInput={(e) => {
                words.value = e.currentTarget.value;
                onType(words.value);
              }}
            />
          </Field>
          <Button
            wide
            class="fd-answer"
            onClick={() => onAnswer(words.value.trim() ? words.value.replace(/\r\n?/g, '\n') : undefined)}
          >
            {t(words.value.trim() ? 'own_words_put' : 'own_words_none')}
          </Button>
        </>
      )}
    </section>
  );
}
