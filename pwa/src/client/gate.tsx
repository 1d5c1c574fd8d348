import { useState } from 'preact/hooks';
import { Button, Field, Icon, LanguageSwitch, Notice, TextInput } from '../ui/index.ts';
import type { Opening } from './api.ts';
import type { Door } from './door.ts';
import { inWords } from './fault.ts';
import { t } from './words/index.ts';

/** Gate is the page that everybody sees first, whatever the link is: it tells nothing, and asks for the number. */
export function Gate({
  door,
  fault,
  busy,
  onOpen,
}: {
  door: Door;
  fault: unknown;
  busy: boolean;
  onOpen(opening: Opening): void;
}) {
  const [typed, setTyped] = useState('');
  const [bad, setBad] = useState(false);
  const isCopy = door.kind === 'copy';
  const submit = (event: Event) => {
    event.preventDefault();
    const digits = asDigits(typed);
    const fits = isCopy ? /^[0-9]{4,12}$/.test(digits) : /^[0-9]{8}$/.test(digits);
    setBad(!fits);
    if (!fits || busy) return;
    if (door.kind === 'copy') onOpen({ secret: door.secret, code: digits });
    if (door.kind === 'client') onOpen({ link: door.link, passcode: digits });
  };
  return (
    <div class="gate">
      <header class="gate__head">
        <LanguageSwitch />
      </header>
      <main class="gate__main">
        <h1>{t(isCopy ? 'copy_title' : 'title')}</h1>
        <p>{t(isCopy ? 'gate_copy_lead' : 'gate_lead')}</p>
        {door.kind === 'cut' ? (
          <Notice kind="warning">{t('link_cut')}</Notice>
        ) : (
          <form class="ta-stack" onSubmit={submit} noValidate>
            {fault !== undefined && <Notice kind="warning">{inWords(fault, Date.now())}</Notice>}
            <Field
              label={t(isCopy ? 'copy_code' : 'passcode')}
              hint={t(isCopy ? 'copy_code_hint' : 'passcode_hint')}
              error={bad ? t(isCopy ? 'copy_code_bad' : 'passcode_bad') : undefined}
            >
              <TextInput
                class="gate__number"
                inputMode="numeric"
                autocomplete="one-time-code"
                maxLength={20}
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            </Field>
            <Button type="submit" kind="primary" wide busy={busy}>
              {t('open')}
            </Button>
          </form>
        )}
        <p class="gate__note">
          <Icon name="info" />
          <span>{t(isCopy ? 'gate_copy_note' : 'gate_note')}</span>
        </p>
      </main>
    </div>
  );
}

/** asDigits reads what a Japanese keyboard writes too: full width, with spaces and hyphens between. */
export function asDigits(typed: string): string {
  return typed
    .replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\s\u3000\-‐−ー―]/g, '');
}
