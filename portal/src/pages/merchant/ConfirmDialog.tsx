import { useState, type ReactNode } from 'react';
import { asDataError, type DataError } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { t } from '../../texts';
import { Button, Dialog } from '../../ui';
import styles from './ConfirmDialog.module.css';

interface ConfirmDialogProps {
  title: string;
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  /** What is done; the dialog closes when it is, and says why when it is not. */
  act(): Promise<void>;
  onClose(): void;
}

/** Says what will happen before it does. */
export function ConfirmDialog({ title, children, confirm, danger = false, act, onClose }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<DataError | null>(null);
  const go = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      await act();
      onClose();
    } catch (thrown) {
      setRefusal(asDataError(thrown));
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
          <Button kind={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void go()}>
            {confirm}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        {children}
        {refusal && <Refusal error={refusal} />}
        {refusal && refusal.fields.length > 0 && (
          <ul className={styles.fields}>
            {refusal.fields.map((one) => (
              <li key={`${one.field} ${one.code}`}>{one.message}</li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
