import type { ComponentChildren } from 'preact';
import { Button, formatDuration, Notice } from '../ui/index.ts';
import type { Loaded } from './hooks.ts';
import type { Refusal } from './http.ts';
import { type Key, lang, t, word } from './words/index.ts';

/** What is the matter, in words. A code without words of its own has the server's. */
function titleOf(r: Refusal): string {
  const own = word(`problem.${r.code}`, '');
  if (own !== '') return own;
  return lang.value === 'ja' && r.message !== r.code ? r.message : t('problem.other');
}

function remedyOf(r: Refusal): string {
  const key: Key = 'problem.other.do';
  return word(`problem.${r.code}.do`, t(key, { code: r.code }), {
    wait: formatDuration(r.retryAfter || 5000),
    code: r.code,
  });
}

/** Refused says what did not work and what to do about it. */
export function Refused({ refusal, retry }: { refusal: Refusal | undefined; retry?: (() => void) | undefined }) {
  if (!refusal) return null;
  return (
    <Notice
      kind={refusal.code === 'ledger_red' ? 'error' : 'warning'}
      title={titleOf(refusal)}
      actions={
        retry && (
          <Button icon="refresh" onClick={retry}>
            {t('reload')}
          </Button>
        )
      }
    >
      {remedyOf(refusal)}
      {refusal.errors.length > 0 && (
        <ul class="office-errors">
          {refusal.errors.map((e) => (
            <li key={e.pointer}>{pointed(e.pointer)}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** The field that a pointer of a problem names, in words. */
function pointed(pointer: string): string {
  const name = pointer.split('/').at(-1) ?? '';
  return word(`fact.${name}`, word(`field.${name}`, pointer));
}

/** Until shows what was loaded, and before that how far it is. What is there stays in sight while it is asked for again. */
export function Until<T>({ loaded, children }: { loaded: Loaded<T>; children: (value: T) => ComponentChildren }) {
  return (
    <>
      <Refused refusal={loaded.refusal} retry={loaded.reload} />
      {loaded.value !== undefined
        ? children(loaded.value)
        : !loaded.refusal && (
            <p class="office-loading" role="status">
              {t('loading')}
            </p>
          )}
    </>
  );
}
