import type { ThemeFinding } from '../../data';
import { n, t } from '../../texts';
import { Badge, Icon, unseen } from '../../ui';
import { byFile, placeOf, sumUp } from './findings';
import styles from './Findings.module.css';

/** What the checker found, by file and line, each with what to do. */
export function Findings({ findings }: { findings: readonly ThemeFinding[] }) {
  return (
    <div className={styles.files}>
      {byFile(findings).map(([file, found]) => {
        const { errors, warnings } = sumUp(found);
        return (
          <details key={file} className={styles.file} open={errors > 0}>
            <summary className={styles.summary}>
              <Icon name="chevronRight" className={styles.arrow} />
              <code className={styles.name}>{file}</code>
              {errors > 0 && (
                <Badge tone="danger" icon="alert">
                  {n('findings.errors', errors)}
                </Badge>
              )}
              {warnings > 0 && (
                <Badge tone="warning" icon="info">
                  {n('findings.warnings', warnings)}
                </Badge>
              )}
            </summary>
            <ul className={styles.list}>
              {found.map((one) => (
                <li key={`${one.line} ${one.column} ${one.code} ${one.message}`} className={styles.finding}>
                  <span className={styles.place}>
                    <span className={unseen}>{t('findings.line')} </span>
                    {placeOf(one)}
                  </span>
                  <Icon name={one.severity === 'error' ? 'alert' : 'info'} label={t(`findings.${one.severity}`)} className={styles[one.severity]} />
                  <span className={styles.words}>
                    <span>
                      {one.message} <code className={styles.code}>{one.code}</code>
                    </span>
                    <span className={styles.fix}>{one.fix}</span>
                  </span>
                </li>
              ))}
            </ul>
          </details>
        );
      })}
    </div>
  );
}
