import type { ReactNode } from 'react';
import type { DataError } from '../../data';
import { Unavailable } from '../../shell/Unavailable';
import { t } from '../../texts';
import { Button, Spinner } from '../../ui';
import styles from './Paged.module.css';

interface PagedProps {
  items: readonly unknown[] | null;
  error: DataError | null;
  loading: boolean;
  more: (() => void) | null;
  again(): void;
  /** Shown where there is nothing. */
  empty: ReactNode;
  children: ReactNode;
}

/** What stands around a list that comes in pages: waiting, nothing, failure, and the button for more. */
export function Paged({ items, error, loading, more, again, empty, children }: PagedProps) {
  return (
    <>
      {error && (
        <div className={styles.note}>
          <Unavailable error={error} again={again} />
        </div>
      )}
      {items === null && !error && (
        <div className={styles.loading}>
          <Spinner size="large" label={t('ui.loading')} />
        </div>
      )}
      {items !== null && (items.length === 0 ? !error && empty : children)}
      {more && (
        <div className={styles.more}>
          <Button size="small" busy={loading} onClick={more}>
            {t('list.more')}
          </Button>
        </div>
      )}
    </>
  );
}
