import { t } from '../texts';
import { Spinner } from '../ui';
import styles from './session.module.css';

export function Starting() {
  return (
    <div className={styles.starting}>
      <Spinner size="large" label={t('app.starting')} />
    </div>
  );
}
