import { Link } from 'react-router';
import type { DataError } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { t } from '../../texts';
import { Notice } from '../../ui';
import styles from './offers.module.css';

interface DeleteDialogProps {
  title: string;
  text: string;
  onConfirm(): Promise<void>;
  onClose(): void;
}

/** Asks before a theme or a plan goes; where stores have it, says which. */
export function DeleteDialog({ title, text, onConfirm, onClose }: DeleteDialogProps) {
  return (
    <ConfirmDialog title={title} action={t('offers.delete')} icon="trash" kind="danger" onConfirm={onConfirm} onClose={onClose} renderError={(error) => <Refused error={error} />}>
      <p>{text}</p>
    </ConfirmDialog>
  );
}

function Refused({ error }: { error: DataError }) {
  if (error.stores.length === 0) return <Refusal error={error} />;
  return (
    <Notice tone="danger" urgent title={t('offers.inUse')}>
      <p>{t('offers.inUse.text')}</p>
      <ul className={styles.stores}>
        {error.stores.map((store) => (
          <li key={store.store_id}>
            <Link to={`/stores/${encodeURIComponent(store.store_id)}`}>{store.name}</Link>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
