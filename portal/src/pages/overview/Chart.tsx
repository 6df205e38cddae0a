import { useId, useState, type ReactNode } from 'react';
import { t } from '../../texts';
import { Button, Card, unseen } from '../../ui';
import styles from './charts.module.css';

interface ChartProps {
  title: string;
  /** What is drawn; it is decoration, as the table says the same. */
  drawing: ReactNode;
  legend?: ReactNode;
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

/** A drawing, and the same as a table: always there for screen readers, and for everybody who asks. */
export function Chart({ title, drawing, legend, columns, rows }: ChartProps) {
  const [tabular, setTabular] = useState(false);
  const id = useId();
  return (
    <Card
      title={title}
      actions={
        <Button kind="quiet" size="small" icon={tabular ? 'chart' : 'list'} aria-pressed={tabular} aria-controls={id} onClick={() => setTabular(!tabular)}>
          {t(tabular ? 'overview.asChart' : 'overview.asTable')}
        </Button>
      }
    >
      {!tabular && (
        <div aria-hidden="true">
          {drawing}
          {legend && <div className={styles.legend}>{legend}</div>}
        </div>
      )}
      <div id={id} className={tabular ? styles.tableWrap : unseen} {...(tabular && { role: 'region', 'aria-label': title, tabIndex: 0 })}>
        <table className={styles.table}>
          <caption className={unseen}>{title}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([head, ...cells]) => (
              <tr key={String(head)}>
                <th scope="row">{head}</th>
                {cells.map((cell, index) => (
                  <td key={columns[index + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
