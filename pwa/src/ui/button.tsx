import type { ComponentChildren, ComponentProps } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import { t } from './own.ts';

export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'quiet';

interface Look {
  /** One primary button on a screen: what one came for. Default: secondary. */
  kind?: ButtonKind | undefined;
  icon?: IconName | undefined;
  /** Fills the width that there is. */
  wide?: boolean | undefined;
  children?: ComponentChildren;
}

export type ButtonProps = Look & ComponentProps<'button'> & { busy?: boolean | undefined };

/** Button does something. While busy it keeps the focus and its width, says so, and does nothing. */
export function Button({ kind, icon, wide, busy, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={look({ kind, wide }, rest.class)}
      aria-busy={busy === true ? true : undefined}
      aria-disabled={busy === true ? true : rest['aria-disabled']}
      onClick={(event) => {
        if (busy === true || rest['aria-disabled'] === true) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy === true ? (
        <span class="ta-button__spinner" aria-hidden="true" />
      ) : (
        icon !== undefined && <Icon name={icon} />
      )}
      <span>{children}</span>
      {busy === true && <span class="ta-hidden">{t('working')}</span>}
    </button>
  );
}

export interface LinkButtonProps extends Look {
  href: string;
  class?: string | undefined;
  /** The name that a file gets which is behind the link. */
  download?: string | undefined;
  target?: '_blank' | undefined;
  onClick?: ((event: MouseEvent) => void) | undefined;
}

/** LinkButton goes somewhere and looks like a button. */
export function LinkButton({ kind, icon, wide, children, ...rest }: LinkButtonProps) {
  return (
    <a {...rest} rel={rest.target === '_blank' ? 'noopener' : undefined} class={look({ kind, wide }, rest.class)}>
      {icon !== undefined && <Icon name={icon} />}
      <span>{children}</span>
    </a>
  );
}

function look({ kind = 'secondary', wide }: Look, more: unknown): string {
  return `ta-button ta-button--${kind}${wide === true ? ' ta-button--wide' : ''}${typeof more === 'string' ? ` ${more}` : ''}`;
}
