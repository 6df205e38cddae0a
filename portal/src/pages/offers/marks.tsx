import { Link } from 'react-router';
import { n, t } from '../../texts';
import { Badge } from '../../ui';
import styles from './offers.module.css';

export function ActiveBadge({ active }: { active: boolean }) {
  return (
    <Badge tone={active ? 'success' : 'neutral'} icon={active ? 'check' : 'dash'}>
      {t(active ? 'offers.active' : 'offers.inactive')}
    </Badge>
  );
}

/** How many stores have it, leading to them. */
export function InUse({ to, count }: { to: string; count: string | undefined }) {
  if (count === undefined) return <p className={styles.muted}>…</p>;
  if (count === '0') return <p className={styles.muted}>{t('offers.unused')}</p>;
  return (
    <p className={styles.muted}>
      <Link to={to}>{n('offers.usedBy', Number.parseInt(count), { stores: count })}</Link>
    </p>
  );
}
