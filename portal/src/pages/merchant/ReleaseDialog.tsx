import type { Release } from '../../data';
import { n, t } from '../../texts';
import { Badge, Dialog, duration, moment } from '../../ui';
import { actorName, bytes, short } from './facts';
import styles from './ReleaseDialog.module.css';

function worked({ rendered, reused, uploaded }: Release['record']['stats']): string {
  return t('releases.worked', { drawn: n('releases.drawn', rendered), reused, uploaded: n('releases.uploaded', uploaded) });
}

/** How a release was made, and what its checks said. */
export function ReleaseDialog({ release, onClose }: { release: Release; onClose(): void }) {
  const { record } = release;
  const facts: [string, string][] = [
    [t('releases.made'), moment(record.created_at)],
    [t('releases.why'), t(`releases.reason.${record.reason}`)],
    [t('releases.by'), actorName(record.actor)],
    [t('outcome.theme'), `${record.theme.slug} ${record.theme.version}`],
    [t('releases.size'), n('releases.files', record.files, { bytes: bytes(record.stats.bytes) })],
    [t('releases.work'), worked(record.stats)],
    [t('releases.time'), duration(record.stats.seconds * 1000)],
  ];
  return (
    <Dialog open onOpenChange={onClose} size="small" title={t('releases.dialog', { release: short(release.id) })}>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{t('releases.id')}</dt>
          <dd>
            <code>{release.id}</code>
          </dd>
        </div>
      </dl>
      <h3 className={styles.heading}>{t('releases.checks')}</h3>
      <ul className={styles.checks}>
        {record.checks.map((check) => (
          <li key={check.name}>
            <span className={styles.check}>
              <span>
                {check.name.replaceAll('_', ' ')} <span className={styles.muted}>{t('releases.lookedAt', { n: check.looked_at })}</span>
              </span>
              <Badge tone={check.ok ? 'success' : 'danger'} icon={check.ok ? 'check' : 'close'}>
                {t(check.ok ? 'receipt.ok' : 'receipt.bad')}
              </Badge>
            </span>
            {check.problems.length > 0 && (
              <ul className={styles.problems}>
                {check.problems.map((problem, index) => (
                  <li key={`${problem.page} ${problem.code} ${index}`}>
                    <code>{problem.page}</code> {problem.message}
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
