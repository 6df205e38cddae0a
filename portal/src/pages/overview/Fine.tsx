import type { ReactNode } from 'react';
import { Icon } from '../../ui';
import styles from './OverviewPage.module.css';

/** There is nothing, and that is good. */
export function Fine({ children }: { children: ReactNode }) {
  return (
    <p className={styles.fine}>
      <Icon name="check" />
      {children}
    </p>
  );
}
