import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Icon } from './icon.tsx';
import { t } from './own.ts';

export interface DialogProps {
  open: boolean;
  title: ComponentChildren;
  children: ComponentChildren;
  /** Buttons, the one that is meant last. */
  actions?: ComponentChildren;
  /** The user wants out: Escape or the close button. Absent: there is no way out but the actions. */
  onClose?: (() => void) | undefined;
}

/** Dialog asks before something that cannot be taken back, or for the little that a deed needs. It is the browser's own, with its own keeping of the focus. */
export function Dialog({ open, title, children, actions, onClose }: DialogProps) {
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    if (dialog === null) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog
      class="ta-dialog"
      ref={box}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClose={() => {
        if (open) onClose?.();
      }}
    >
      {open && (
        <>
          <header class="ta-dialog__head">
            <h2 id={id}>{title}</h2>
            {onClose !== undefined && (
              <button type="button" class="ta-dialog__close" aria-label={t('close')} onClick={onClose}>
                <Icon name="close" />
              </button>
            )}
          </header>
          <div class="ta-dialog__body">{children}</div>
          {actions !== undefined && <footer class="ta-dialog__actions">{actions}</footer>}
        </>
      )}
    </dialog>
  );
}
