import type { ReactNode } from 'react';
import { t } from '../texts';
import { Icon } from './Icon';
import styles from './Table.module.css';
import { unseen } from './unseen';

export interface Column<T> {
  key: string;
  title: string;
  cell(row: T): ReactNode;
  /** The name under which the source sorts by it. */
  sort?: string;
  /** On a phone: the row's heading, not shown, or below it (the default). */
  phone?: 'heading' | 'hidden';
  align?: 'right';
}

interface TableProps<T> {
  /** What it lists, for screen readers. */
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey(row: T): string;
  /** `name`, or `-name` for the other direction. */
  sort?: string;
  onSort?(sort: string): void;
}

/** A table, which on a phone becomes a list of cards. */
export function Table<T>({ label, columns, rows, rowKey, sort, onSort }: TableProps<T>) {
  return (
    <div className={styles.scroller}>
      <table className={styles.table}>
        <caption className={unseen}>{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" className={column.align && styles[column.align]} aria-sort={direction(column.sort, sort)}>
                {column.sort && onSort ? <SortButton column={column} sort={sort} onSort={onSort} /> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.key} data-title={column.title} className={[column.align && styles[column.align], column.phone && styles[column.phone]].filter(Boolean).join(' ')}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function direction(name: string | undefined, sort: string | undefined): 'ascending' | 'descending' | undefined {
  if (!name || !sort) return undefined;
  if (sort === name) return 'ascending';
  return sort === `-${name}` ? 'descending' : undefined;
}

function SortButton<T>({ column, sort, onSort }: { column: Column<T>; sort?: string; onSort(sort: string): void }) {
  const now = direction(column.sort, sort);
  return (
    <button
      type="button"
      className={`${styles.sort} ${now ? styles[now] : ''}`}
      aria-label={t('ui.sortBy', { column: column.title })}
      onClick={() => onSort(now === 'ascending' ? `-${column.sort}` : String(column.sort))}
    >
      {column.title}
      <Icon name="chevronDown" />
    </button>
  );
}
