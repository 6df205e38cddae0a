import { useEffect, useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { t } from '../texts';
import { Button } from './Button';
import styles from './Dialog.module.css';

interface DialogProps {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: ReactNode;
  /** Below the title. */
  description?: ReactNode;
  children: ReactNode;
  /** Buttons, which stay in sight. */
  footer?: ReactNode;
  size?: 'small' | 'large';
  /** Something is under way that closing would leave behind: Escape and the backdrop do nothing. */
  busy?: boolean;
  /** Something has been typed: a click beside the dialog does not throw it away. */
  keep?: boolean;
}

/** The native <dialog>: focus stays inside and returns, the page behind is inert, Escape closes. */
export function Dialog({ open, onOpenChange, title, description, children, footer, size = 'small', busy = false, keep = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = ref.current;
    if (!dialog || dialog.open === open) return;
    if (open) dialog.showModal();
    else dialog.close();
  }, [open]);

  // Taken off the page while it is open, it would take the focus with it: closed before, it gives it back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    return () => {
      if (dialog?.open) dialog.close();
    };
  }, []);

  const close = () => busy || onOpenChange(false);
  return (
    <dialog
      ref={ref}
      className={`${styles.dialog} ${styles[size]}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // A <dialog> inside this one, or an <input type=file>, cancels too.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        close();
      }}
      onClose={(event) => event.target === event.currentTarget && open && onOpenChange(false)}
      onMouseDown={(event) => event.target === event.currentTarget && !keep && close()}
    >
      {open && (
        <div className={styles.frame}>
          <header className={styles.header}>
            <div className={styles.heading}>
              <h2 id={titleId}>{title}</h2>
              {description && <p className={styles.description}>{description}</p>}
            </div>
            <Button kind="quiet" size="small" square icon="close" aria-label={t('ui.close')} disabled={busy} onClick={close} />
          </header>
          <div className={styles.body}>{children}</div>
          {footer && <footer className={styles.footer}>{footer}</footer>}
        </div>
      )}
    </dialog>
  );
}
