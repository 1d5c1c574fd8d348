import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { EngineError } from '../engine/index.ts';
import { Notice } from '../ui/index.ts';
import { t } from './words/index.ts';

/** Why the last act was not saved; "" after one that was. */
export type Failure = '' | 'quota' | 'store' | 'outdated' | 'locked' | 'too_large' | 'content';

/** What a fault of sealing means to the rep. */
export function failureOf(fault: unknown): Failure {
  const code = fault instanceof EngineError ? fault.code : 'store';
  switch (code) {
    case 'quota':
    case 'outdated':
    case 'locked':
    case 'too_large':
      return code;
    case 'content':
    case 'empty_blob':
      return 'content';
    default:
      return 'store';
  }
}

/** NotSaved says plainly that something is not saved, and what to do. It is red: something may be lost. */
export function NotSaved({ failure }: { failure: Failure }) {
  if (!failure) return null;
  return (
    <Notice kind="error" title={t('not_saved')}>
      <p>{t(`not_saved_${failure}`)}</p>
    </Notice>
  );
}

/** Leads to the first thing that is missing, once the screen says what it is; it never stays beyond the edge. */
export function showFirstFault(): void {
  requestAnimationFrame(() => {
    const first = document.querySelector<HTMLElement>('[aria-invalid="true"], .ta-field--wrong, .ta-notice--warning');
    first?.scrollIntoView({ block: 'center' });
    if (first?.matches('input, textarea, select')) first.focus({ preventScroll: true });
  });
}

/** What was saved a moment ago, for the screen that comes next. */
export const saved = signal<{ text: string; at: number } | undefined>(undefined);

/** Says on the next screen that something is saved here. */
export function tellSaved(text: string): void {
  saved.value = { text, at: Date.now() };
}

/** JustSaved confirms the last act on the screen that came after it, and on no later one. */
export function JustSaved() {
  const last = saved.value;
  useEffect(
    () => () => {
      saved.value = undefined;
    },
    [],
  );
  if (!last || Date.now() - last.at > 60_000) return null;
  return (
    <Notice kind="success" title={t('saved_here')}>
      <p>{last.text}</p>
    </Notice>
  );
}
