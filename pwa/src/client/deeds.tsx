import { useState } from 'preact/hooks';
import { Button, Field, formatBytes, formatDateTime, Notice, TextArea, TextInput } from '../ui/index.ts';
import type { Session } from './api.ts';
import { inWords, isOver } from './fault.ts';
import { digest } from './files.ts';
import type { Letter } from './letter.ts';
import { t } from './words/letter/index.ts';

interface Deed {
  letter: Letter;
  calls: Session;
  onOver(fault: unknown): void;
}

/** useDeed keeps what became of one call to the server. */
function useDeed(onOver: (fault: unknown) => void) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const run = async (deed: () => Promise<void>) => {
    setBusy(true);
    setFault(undefined);
    try {
      await deed();
    } catch (cause) {
      if (isOver(cause)) onOver(cause);
      setFault(cause);
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    run,
    trouble: fault === undefined ? null : <Notice kind="warning">{inWords(fault, Date.now())}</Notice>,
  };
}

/** SavePDF fetches the PDF, holds it against what was approved, and saves it only when it is the same. */
export function SavePDF({
  letter,
  calls,
  onOver,
  name,
  onDigest,
}: Deed & { name: string; onDigest(digest: string): void }) {
  const { busy, run, trouble } = useDeed(onOver);
  const [outcome, setOutcome] = useState<'saved' | 'bad' | undefined>();
  const { document: named } = letter;
  if (named === undefined) return null;
  const save = () =>
    run(async () => {
      const bytes = await calls.document();
      const got = await digest(bytes);
      onDigest(got);
      const isSame = got === named.sha256;
      setOutcome(isSame ? 'saved' : 'bad');
      if (isSame) keep(bytes, name);
    });
  return (
    <section class="deed">
      <h2>{t('pdf')}</h2>
      <p class="ta-small ta-soft">{t('pdf_lead')}</p>
      <Button kind="primary" icon="download" wide busy={busy} onClick={save}>
        {t('pdf_save', { size: formatBytes(named.size) })}
      </Button>
      {outcome === 'saved' && <Notice kind="success">{t('pdf_saved')}</Notice>}
      {outcome === 'bad' && <Notice kind="error">{t('pdf_bad')}</Notice>}
      {trouble}
    </section>
  );
}

/** keep hands bytes to the browser as a file. */
function keep(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Acknowledge tells the agency who has the letter. Once is enough; again gives the time of the first. */
export function Acknowledge({ letter, calls, onOver }: Deed) {
  const { busy, run, trouble } = useDeed(onOver);
  const [at, setAt] = useState(letter.disclosure?.acknowledgedAt);
  const [name, setName] = useState('');
  const [department, setDepartment] = useState('');
  const [bad, setBad] = useState(false);
  const send = (event: Event) => {
    event.preventDefault();
    const isMissing = name.trim() === '';
    setBad(isMissing);
    if (!isMissing && !busy) void run(async () => setAt(await calls.acknowledge(name.trim(), department.trim())));
  };
  return (
    <section class="deed">
      <h2>{t('ack')}</h2>
      {at !== undefined ? (
        <Notice kind="success">{t('ack_done', { time: formatDateTime(at) })}</Notice>
      ) : (
        <form class="ta-stack" onSubmit={send} noValidate>
          <p class="ta-small ta-soft">{t('ack_lead')}</p>
          <Field label={t('ack_name')} required error={bad ? t('ack_needs') : undefined}>
            <TextInput
              autocomplete="name"
              maxLength={200}
              value={name}
              onInput={(e) => setName(e.currentTarget.value)}
            />
          </Field>
          <Field label={t('ack_department')} optional>
            <TextInput
              autocomplete="organization"
              maxLength={200}
              value={department}
              onInput={(e) => setDepartment(e.currentTarget.value)}
            />
          </Field>
          <Button type="submit" icon="check" wide busy={busy}>
            {t('ack_send')}
          </Button>
        </form>
      )}
      {trouble}
    </section>
  );
}

/** Ask takes a question to the agency; there may be several. */
export function Ask({ calls, onOver }: Omit<Deed, 'letter'>) {
  const { busy, run, trouble } = useDeed(onOver);
  const [question, setQuestion] = useState('');
  const [bad, setBad] = useState(false);
  const [at, setAt] = useState<number | undefined>();
  const send = (event: Event) => {
    event.preventDefault();
    const isMissing = question.trim() === '';
    setBad(isMissing);
    if (isMissing || busy) return;
    void run(async () => {
      setAt(await calls.ask(question.trim()));
      setQuestion('');
    });
  };
  return (
    <section class="deed">
      <h2>{t('ask')}</h2>
      <form class="ta-stack" onSubmit={send} noValidate>
        <p class="ta-small ta-soft">{t('ask_lead')}</p>
        <Field label={t('ask_question')} error={bad ? t('ask_needs') : undefined}>
          <TextArea maxLength={4000} value={question} onInput={(e) => setQuestion(e.currentTarget.value)} />
        </Field>
        <Button type="submit" icon="send" wide busy={busy}>
          {t('ask_send')}
        </Button>
      </form>
      {at !== undefined && <Notice kind="success">{t('ask_done', { time: formatDateTime(at) })}</Notice>}
      {trouble}
    </section>
  );
}
