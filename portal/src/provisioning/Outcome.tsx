import { useCallback } from 'react';
import { useLoaded, useSource, type Check, type Provisioning } from '../data';
import { t } from '../texts';
import { ButtonLink, Card, Icon, Notice } from '../ui';
import styles from './Outcome.module.css';

/** What came of it: addresses, plan and theme, and the proof that all works. */
export function Outcome({ p }: { p: Provisioning }) {
  const { website, dashboard } = p.links as { website?: string; dashboard?: string };
  return (
    <Card title={t('outcome.title', { store: p.store_name ?? '' })}>
      {p.delivery === 'unconfirmed' && (
        <Notice tone="warning" icon="mail" title={t('outcome.unconfirmed.title')}>
          {t('outcome.unconfirmed.text')}
        </Notice>
      )}
      <div className={styles.links}>
        {website && (
          <ButtonLink kind="primary" href={website} target="_blank" rel="noopener" iconAfter="external">
            {t('outcome.openStore')}
          </ButtonLink>
        )}
        {dashboard && (
          <ButtonLink href={dashboard} target="_blank" rel="noopener" iconAfter="external">
            {t('outcome.openDashboard')}
          </ButtonLink>
        )}
      </div>
      <Sold p={p} />
      <Receipt checks={p.receipt as unknown as Check[]} />
    </Card>
  );
}

function Sold({ p }: { p: Provisioning }) {
  const source = useSource();
  const { store_id } = p;
  const load = useCallback(async () => {
    const [store, themes] = await Promise.all([source.store(store_id ?? ''), source.themes()]);
    return { ...store, themeName: themes.find((theme) => theme.slug === store.theme.slug)?.name ?? store.theme.slug };
  }, [source, store_id]);
  const { value: store } = useLoaded(store_id ? load : null);
  return (
    <dl className={styles.facts}>
      <Fact name={t('outcome.address')}>{(p.links as { website?: string }).website?.replace(/^https?:\/\//, '').replace(/\/$/, '') ?? '–'}</Fact>
      {store && <Fact name={t('outcome.plan')}>{store.plan.name ?? store.plan.slug ?? '–'}</Fact>}
      {store && <Fact name={t('outcome.theme')}>{`${store.themeName} ${store.theme.version}`}</Fact>}
      {p.delivery && <Fact name={t('outcome.mail')}>{t(p.delivery === 'sent' ? 'outcome.mail.sent' : 'outcome.mail.unconfirmed')}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Receipt({ checks }: { checks: readonly Check[] }) {
  if (checks.length === 0) return null;
  return (
    <div className={styles.receipt}>
      <h3>{t('receipt.title')}</h3>
      <p className={styles.about}>{t('receipt.text')}</p>
      <ul>
        {checks.map((check) => (
          <li key={check.check} className={check.ok ? styles.ok : styles.bad}>
            <Icon name={check.ok ? 'check' : 'close'} label={t(check.ok ? 'receipt.ok' : 'receipt.bad')} />
            <span className={styles.check}>{nameOf(check.check)}</span>
            <span className={styles.evidence}>{check.evidence}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

const NAMES = {
  website: 'receipt.website',
  assets: 'receipt.assets',
  product: 'receipt.product',
  dashboard: 'receipt.dashboard',
  account: 'receipt.account',
  membership: 'receipt.membership',
} as const;

/** A check that a newer server makes is shown by its own name. */
function nameOf(check: string): string {
  return check in NAMES ? t(NAMES[check as keyof typeof NAMES]) : check;
}
