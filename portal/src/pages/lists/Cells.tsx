import type { ReactNode } from 'react';
import { t } from '../../texts';
import { Ago as Since, useNow } from '../../ui';
import styles from './lists.module.css';

/** A name, and below it what tells it from others. */
export function Name({ name, more }: { name: ReactNode; more?: ReactNode }) {
  return (
    <span className={styles.name}>
      <span className={styles.strong}>{name}</span>
      {more && <span className={styles.muted}>{more}</span>}
    </span>
  );
}

/** How long ago; the moment itself to who asks. */
export function Ago({ time }: { time: string | null | undefined }) {
  const now = useNow(true, 30_000);
  if (!time) return <span className={styles.muted}>–</span>;
  return <Since time={time} now={now} className={`${styles.muted} ${styles.ago}`} />;
}

export function Muted({ children }: { children: ReactNode }) {
  return <span className={styles.muted}>{children}</span>;
}

/** Buttons at the end of a row. */
export function RowActions({ children }: { children: ReactNode }) {
  return <span className={styles.rowActions}>{children}</span>;
}

/** Says that a list follows what happens. */
export function LiveMark({ connection }: { connection: string }) {
  if (connection !== 'live' && connection !== 'polling') return null;
  return (
    <span className={styles.live}>
      <span className={styles.dot} aria-hidden="true" />
      {t('lists.live')}
    </span>
  );
}
