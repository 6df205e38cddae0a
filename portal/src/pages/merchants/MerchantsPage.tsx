import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { MERCHANT_STATUSES, useCanAct, type Merchant, type MerchantQuery, type MerchantStatus } from '../../data';
import { MerchantActivationModal } from '../../provisioning';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { ago, Badge, Button, Card, Empty, moment, Notice, Spinner, Table, Tabs, type Column } from '../../ui';
import styles from './MerchantsPage.module.css';
import { lookOfMerchant, placeOf } from './merchants';
import { useMerchantCounts, useMerchants } from './useMerchants';

const FILTERS = ['ALL', ...MERCHANT_STATUSES] as const;
type Filter = (typeof FILTERS)[number];
const NAMES = { ALL: 'merchants.all', PENDING: 'merchants.pending', ACTIVE: 'merchants.active', FAILED: 'merchants.failed', SUSPENDED: 'merchants.suspended' } as const;

export function Component() {
  const [parameters, setParameters] = useSearchParams();
  const status = MERCHANT_STATUSES.find((one) => one === parameters.get('status'));
  const sort = parameters.get('sort') ?? '-requested_at';
  const query: MerchantQuery = { status, q: parameters.get('q') ?? undefined, sort, limit: 25 };
  const merchants = useMerchants(query);
  const counts = useMerchantCounts();
  const [activating, setActivating] = useState<Merchant | null>(null);
  const navigate = useNavigate();

  const set = (name: string, value: string | undefined) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { replace: true },
    );
  return (
    <>
      <PageHeader title={t('merchants.title')} text={t('merchants.text')} />
      <Card flush>
        <div className={styles.tools}>
          <Tabs<Filter>
            label={t('merchants.filter')}
            value={status ?? 'ALL'}
            onChange={(chosen) => set('status', chosen === 'ALL' ? undefined : chosen)}
            tabs={FILTERS.map((value) => ({ value, label: t(NAMES[value]), count: counts.value?.[value.toLowerCase() as Lowercase<Filter>] }))}
          />
          <input
            className={styles.search}
            type="search"
            aria-label={t('merchants.search')}
            placeholder={t('merchants.searchHint')}
            defaultValue={parameters.get('q') ?? ''}
            onChange={(event) => set('q', event.target.value.trim() || undefined)}
          />
        </div>
        {merchants.connection === 'offline' && <Notice tone="warning" icon="wifiOff" title={t('merchants.old')} />}
        <List merchants={merchants} sort={sort} onSort={(chosen) => set('sort', chosen)} onActivate={setActivating} />
      </Card>
      {activating && (
        <MerchantActivationModal
          open
          onOpenChange={(open) => !open && setActivating(null)}
          storeId={activating.id}
          storeName={activating.name}
          merchantId={activating.id}
          ownerEmail={activating.owner_email}
          category={activating.category}
          choices={activating.saved_choices}
          onSuccess={({ store_id }) => void navigate(`/stores/${encodeURIComponent(store_id)}/provisioning`)}
        />
      )}
    </>
  );
}

interface ListProps {
  merchants: ReturnType<typeof useMerchants>;
  sort: string;
  onSort(sort: string): void;
  onActivate(merchant: Merchant): void;
}

function List({ merchants, sort, onSort, onActivate }: ListProps) {
  const canAct = useCanAct();
  if (merchants.error) {
    return (
      <div className={styles.note}>
        <Notice tone="danger" urgent title={t('merchants.unavailable')}>
          {merchants.error.message}
        </Notice>
      </div>
    );
  }
  if (!merchants.value) {
    return (
      <div className={styles.loading}>
        <Spinner size="large" label={t('ui.loading')} />
      </div>
    );
  }
  if (merchants.value.items.length === 0) {
    return (
      <Empty icon="search" title={t('merchants.none.title')}>
        {t('merchants.none.text')}
      </Empty>
    );
  }
  const columns: Column<Merchant>[] = [
    { key: 'name', title: t('merchants.name'), sort: 'name', phone: 'heading', cell: (one) => <Name merchant={one} /> },
    { key: 'status', title: t('merchants.status'), cell: (one) => <Status status={one.status} /> },
    { key: 'category', title: t('merchants.category'), phone: 'hidden', cell: (one) => one.category && t(`category.${one.category}`) },
    { key: 'store', title: t('merchants.store'), phone: 'hidden', cell: (one) => <Place merchant={one} /> },
    {
      key: 'requested',
      title: t('merchants.requested'),
      sort: 'requested_at',
      cell: (one) => one.requested_at && <time dateTime={one.requested_at} title={moment(one.requested_at)} className={styles.muted}>{ago(one.requested_at)}</time>,
    },
    { key: 'actions', title: t('merchants.actions'), align: 'right', cell: (one) => <Act merchant={one} canAct={canAct} onActivate={onActivate} /> },
  ];
  return <Table label={t('merchants.list')} columns={columns} rows={merchants.value.items} rowKey={(one) => one.id} sort={sort} onSort={onSort} />;
}

function Name({ merchant }: { merchant: Merchant }) {
  return (
    <span className={styles.name}>
      <strong>{merchant.name}</strong>
      <span className={styles.muted}>{merchant.owner_email}</span>
    </span>
  );
}

function Status({ status }: { status: MerchantStatus }) {
  const look = lookOfMerchant(status);
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.text}
    </Badge>
  );
}

function Place({ merchant }: { merchant: Merchant }) {
  const store = merchant.stores[0];
  if (store?.website) {
    return (
      <a href={store.website} target="_blank" rel="noopener">
        {store.subdomain}
      </a>
    );
  }
  return <span className={styles.muted}>{merchant.saved_choices.subdomain ?? '–'}</span>;
}

function Act({ merchant, canAct, onActivate }: { merchant: Merchant; canAct: boolean; onActivate(merchant: Merchant): void }) {
  const place = placeOf(merchant);
  if (place) {
    return (
      <Link className={styles.link} to={place.to}>
        {place.text}
      </Link>
    );
  }
  if (merchant.status !== 'PENDING' && merchant.status !== 'FAILED') return null;
  return (
    <Button size="small" icon="store" disabled={!canAct} aria-label={`${t('button.activate')}: ${merchant.name}`} onClick={() => onActivate(merchant)}>
      {t('button.activate')}
    </Button>
  );
}
