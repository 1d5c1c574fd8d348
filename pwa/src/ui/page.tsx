import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { t } from './own.ts';
import { turnBack } from './way.ts';

export interface PageProps {
  title: string;
  children: ComponentChildren;
  /** What one came for; stays within the thumb's reach at the foot of the screen. */
  actions?: ComponentChildren;
  /** Where back leads: a path, or a deed. */
  back?: string | (() => void) | undefined;
  /** Stands beside the title: a chip, a menu. */
  beside?: ComponentChildren;
  /** Stands above everything: a strip that is always true. */
  strip?: ComponentChildren;
}

let shown = false;

/** Page is one screen: a title, what it is about, and the deed at its foot. A change of screen moves the focus to the title, so that it is read out. */
export function Page({ title, children, actions, back, beside, strip }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    if (shown) heading.current?.focus({ preventScroll: true });
    shown = true;
  }, []);
  return (
    <div class={actions === undefined ? 'ta-page' : 'ta-page ta-page--acting'}>
      {strip}
      <header class="ta-page__head">
        {back !== undefined && <Back to={back} />}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside !== undefined && <div class="ta-page__beside">{beside}</div>}
      </header>
      <main class="ta-page__main">{children}</main>
      {actions !== undefined && <footer class="ta-page__actions">{actions}</footer>}
    </div>
  );
}

function Back({ to }: { to: string | (() => void) }) {
  if (typeof to === 'string') {
    return (
      <a class="ta-page__back" href={to} aria-label={t('back')} onClick={turnBack}>
        <Icon name="back" />
      </a>
    );
  }
  return (
    <button type="button" class="ta-page__back" aria-label={t('back')} onClick={to}>
      <Icon name="back" />
    </button>
  );
}
