import type { ReactNode } from 'react';
import type { Connection, DataError } from '../../data';
import { Unavailable } from '../../shell/Unavailable';
import { t } from '../../texts';
import { Empty, Notice, Spinner, type IconName } from '../../ui';
import styles from './lists.module.css';

interface ListedProps<T> {
  value: { items: readonly T[] } | null;
  /** Whether `value` is of what is asked for now; what was asked for before is shown greyed until the new comes. */
  current?: boolean;
  error: DataError | null;
  connection?: Connection;
  again(): void;
  empty: { icon?: IconName; title: string; text: string; actions?: ReactNode };
  children(items: readonly T[]): ReactNode;
}

/** A list, or why there is none: it is on its way, it is empty, it cannot be had, it may be old. */
export function Listed<T>({ value, current = true, error, connection, again, empty, children }: ListedProps<T>) {
  if (error && (!value || !current)) return <Failed error={error} again={again} />;
  if (!value || (!current && value.items.length === 0)) {
    return (
      <div className={styles.loading}>
        <Spinner size="large" label={t('ui.loading')} />
      </div>
    );
  }
  return (
    <>
      {(connection === 'offline' || error) && (
        <div className={styles.note}>
          <Notice tone="warning" icon="wifiOff" title={t('lists.old')} />
        </div>
      )}
      {value.items.length > 0 ? (
        <div className={current ? undefined : styles.stale} aria-busy={!current}>
          {children(value.items)}
        </div>
      ) : (
        <Empty icon={empty.icon ?? 'check'} title={empty.title} actions={empty.actions}>
          {empty.text}
        </Empty>
      )}
    </>
  );
}

function Failed({ error, again }: { error: DataError; again(): void }) {
  return (
    <div className={styles.note}>
      <Unavailable error={error} again={again} />
    </div>
  );
}
