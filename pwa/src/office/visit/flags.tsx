import { useState } from 'preact/hooks';
import { type Flag, type Hash, text } from '../../core/record/index.ts';
import { Button, Chip, Field, formatTime, TextArea } from '../../ui/index.ts';
import { cases } from '../api.ts';
import { useAct } from '../hooks.ts';
import { flagText, kindText } from '../label.ts';
import { Refused } from '../refused.tsx';
import { may, nameOf } from '../state.ts';
import { t, word } from '../words/index.ts';
import type { Entry } from './entry.ts';
import { evidence, type Surroundings } from './evidence.ts';
import { Lines } from './timeline.tsx';

export interface FlagsProps {
  caseID: string;
  surroundings: Surroundings;
  /** An answer was recorded: the page wants to know. */
  onAnswered(): void;
}

/** Flags is what is odd, in words, each with its evidence beside it and a place to answer. */
export function Flags({ caseID, surroundings, onAnswered }: FlagsProps) {
  const flagged = surroundings.entries.flatMap((e) => (e.held.flags ?? []).map((flag) => ({ entry: e, flag })));
  if (flagged.length === 0) return <p class="ta-soft">{t('visit.no_flags')}</p>;
  return (
    <ul class="office-flags">
      {flagged.map(({ entry, flag }) => (
        <li key={`${entry.opened?.hash ?? entry.held.index}.${flag}`}>
          <OneFlag caseID={caseID} entry={entry} flag={flag} surroundings={surroundings} onAnswered={onAnswered} />
        </li>
      ))}
    </ul>
  );
}

/** What the office has answered already, out of its own records. */
function answersTo(hash: Hash, flag: string, entries: readonly Entry[]): { name: string; answer: string }[] {
  return entries.flatMap(({ opened: r }) =>
    r?.kind === 'flag.answered' && text(r, 'record') === hash && text(r, 'flag') === flag
      ? [{ name: nameOf(r.actor), answer: text(r, 'answer') }]
      : [],
  );
}

function OneFlag({ caseID, entry, flag, surroundings, onAnswered }: FlagsProps & { entry: Entry; flag: Flag }) {
  const r = entry.opened;
  const answers = r ? answersTo(r.hash, flag, surroundings.entries) : [];
  return (
    <div class="ta-stack ta-stack--close">
      <h3 class="ta-row">
        {t('flags.on', { what: flagText(flag), time: r ? formatTime(r.at) : '' })}
        {answers.length > 0 && (
          <Chip tone="success" icon="check">
            {t('flags.answered')}
          </Chip>
        )}
      </h3>
      <p class="ta-small">{word(`flag.${flag}.why`, t('flag.other.why'))}</p>
      {r && (
        <p class="ta-small">
          <a href={`#record-${r.hash}`}>{`${formatTime(r.at)} ${kindText(r.kind)}`}</a>
        </p>
      )}
      <Lines lines={evidence(flag, entry, surroundings)} />
      {answers.map((a) => (
        <blockquote key={a.answer} class="office-quote">
          {t('flags.answered_text', a)}
        </blockquote>
      ))}
      {r && answers.length === 0 && may('reviewer') && (
        <Answer flag={flag} act={(words) => cases.answer(caseID, r.hash, flag, words)} onAnswered={onAnswered} />
      )}
    </div>
  );
}

function Answer({ flag, act, onAnswered }: { flag: Flag; act(words: string): Promise<void>; onAnswered(): void }) {
  const [words, setWords] = useState('');
  const [missing, setMissing] = useState(false);
  const sending = useAct();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (words.trim() === '') return setMissing(true);
    if (await sending.run(() => act(words.trim()))) onAnswered();
  };
  return (
    <form class="ta-stack ta-stack--close" onSubmit={submit} noValidate>
      <Field
        label={
          <span>
            {t('flags.answer')}
            <span class="ta-hidden">{` ${flagText(flag)}`}</span>
          </span>
        }
        hint={t('flags.answer_hint')}
        error={missing ? t('reason_needed') : ''}
      >
        <TextArea
          rows={2}
          value={words}
          maxLength={4000}
          onInput={(e) => {
            setWords(e.currentTarget.value);
            setMissing(false);
          }}
        />
      </Field>
      <Refused refusal={sending.refusal} />
      <div class="ta-row">
        <Button type="submit" busy={sending.busy}>
          {t('flags.send')}
        </Button>
      </div>
    </form>
  );
}
