import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button, type ButtonKind, Dialog, Field, TextArea } from '../ui/index.ts';
import { useAct } from './hooks.ts';
import { Refused } from './refused.tsx';
import { t } from './words/index.ts';

export interface AskProps {
  open: boolean;
  title: string;
  hint?: ComponentChildren;
  /** The word on the button that does it. */
  deed: string;
  kind?: ButtonKind;
  /** A reason must be given, may be given, or is not asked for. */
  reason?: 'needed' | 'optional' | 'none';
  /** Stands between hint and reason: more to look at, or to tick. */
  children?: ComponentChildren;
  /** Absent or true: it may be done. */
  ready?: boolean;
  act(reason: string): Promise<unknown>;
  onClose(): void;
}

/** Ask asks before a deed, with its reason where that is wanted, does it once, and stays open when it is refused. */
export function Ask({
  open,
  title,
  hint,
  deed,
  kind = 'primary',
  reason = 'none',
  children,
  ready = true,
  act,
  onClose,
}: AskProps) {
  const [words, setWords] = useState('');
  const [missing, setMissing] = useState(false);
  const doing = useAct();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Whoever asked by key goes on by key: to what there is to fill in or to tick, to the reason where one is needed, else to the deed.
    if (open) {
      const first = form.current?.querySelector<HTMLElement>('input, select, textarea:not(.office-reason)');
      const then = form.current?.querySelector<HTMLElement>(reason === 'needed' ? '.office-reason' : '[type=submit]');
      (first ?? then)?.focus();
    }
    if (open) return;
    setWords('');
    setMissing(false);
    doing.clear();
  }, [open]);
  const submit = async (event: Event) => {
    event.preventDefault();
    const said = words.trim();
    if (reason === 'needed' && said === '') return setMissing(true);
    if (ready && (await doing.run(() => act(said)))) onClose();
  };
  return (
    <Dialog open={open} title={title} onClose={doing.busy ? undefined : onClose}>
      <form class="ta-stack" ref={form} onSubmit={submit} noValidate>
        {hint !== undefined && <p>{hint}</p>}
        {children}
        {reason !== 'none' && (
          <Field
            label={t('reason')}
            required={reason === 'needed'}
            optional={reason === 'optional'}
            error={missing ? t('reason_needed') : ''}
          >
            <TextArea
              class="office-reason"
              value={words}
              maxLength={4000}
              onInput={(e) => {
                setWords(e.currentTarget.value);
                setMissing(false);
              }}
            />
          </Field>
        )}
        <Refused refusal={doing.refusal} />
        <div class="ta-row office-ends">
          <Button onClick={onClose} aria-disabled={doing.busy ? true : undefined}>
            {t('cancel')}
          </Button>
          <Button type="submit" kind={kind} busy={doing.busy} aria-disabled={ready ? undefined : true}>
            {deed}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
