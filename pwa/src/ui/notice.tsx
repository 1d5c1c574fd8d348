import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import { t } from './own.ts';

export type NoticeKind = 'info' | 'success' | 'warning' | 'error';

const drawn: Record<NoticeKind, IconName> = { info: 'info', success: 'done', warning: 'caution', error: 'error' };

export interface NoticeProps {
  kind: NoticeKind;
  title?: ComponentChildren;
  children?: ComponentChildren;
  /** What can be done about it: buttons. */
  actions?: ComponentChildren;
}

/** Notice tells something that matters now. An error is read out at once, the rest when there is a pause. Red (error) is for loss and falsification. */
export function Notice({ kind, title, children, actions }: NoticeProps) {
  return (
    <div class={`ta-notice ta-notice--${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Icon name={drawn[kind]} label={t(kind)} />
      <div class="ta-notice__body">
        {title !== undefined && <p class="ta-notice__title">{title}</p>}
        {children !== undefined && <div class="ta-notice__text">{children}</div>}
        {actions !== undefined && <div class="ta-notice__actions">{actions}</div>}
      </div>
    </div>
  );
}
