import { useState, type ReactNode } from 'react';
import { asDataError, type DataError } from '../data';
import { Refusal } from '../provisioning/Refusal';
import { t } from '../texts';
import { Button, Dialog, type IconName } from '../ui';
import styles from './ConfirmDialog.module.css';

interface ConfirmDialogProps {
  title: ReactNode;
  /** What it will bring about. */
  children: ReactNode;
  action: string;
  icon?: IconName;
  kind?: 'primary' | 'danger';
  /** Rejects where it was not done; the dialog stays then and says why. */
  onConfirm(): Promise<void>;
  onClose(): void;
  /** Says why in another way than it is said everywhere. */
  renderError?(error: DataError): ReactNode;
}

/** Asks before something is done, and says why it was not. */
export function ConfirmDialog({ title, children, action, icon, kind = 'primary', onConfirm, onClose, renderError = refused }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<DataError | null>(null);
  const confirm = async () => {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(asDataError(thrown));
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
        {children}
        {error && renderError(error)}
      </div>
    </Dialog>
  );
}

function refused(error: DataError): ReactNode {
  return (
    <>
      <Refusal error={error} />
      {error.fields.length > 0 && (
        <ul className={styles.fields}>
          {error.fields.map((one) => (
            <li key={`${one.field} ${one.code}`}>{one.message}</li>
          ))}
        </ul>
      )}
    </>
  );
}
