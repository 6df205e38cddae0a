import { useState, type ReactNode } from 'react';
import { t } from '../texts';
import { Button } from './Button';
import styles from './ConfirmDialog.module.css';
import { Dialog } from './Dialog';
import type { IconName } from './Icon';

interface ConfirmDialogProps {
  title: ReactNode;
  /** What it will bring about. */
  children: ReactNode;
  action: string;
  icon?: IconName;
  kind?: 'primary' | 'danger';
  /** Rejects where it was not done; the dialog stays then and shows `renderError`. */
  onConfirm(): Promise<void>;
  onClose(): void;
  renderError(thrown: unknown): ReactNode;
}

/** Asks before something is done, and says why it was not. */
export function ConfirmDialog({ title, children, action, icon, kind = 'danger', onConfirm, onClose, renderError }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ thrown: unknown } | null>(null);
  const confirm = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setFailure({ thrown });
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      busy={busy}
      title={title}
      footer={
        <>
          <Button disabled={busy} onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind={kind} icon={icon} busy={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        <div>{children}</div>
        {failure && renderError(failure.thrown)}
      </div>
    </Dialog>
  );
}
