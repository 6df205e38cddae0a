import { lazy, memo, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { MERCHANT_STATUSES, useCanAct, type Merchant, type MerchantCounts, type MerchantQuery, type Page, type Watched } from '../../data';
// Itself, as the list needs nothing else of that folder.
import { MerchantActivationModal } from '../../provisioning/MerchantActivationModal';
import { LinkButton } from '../../shell/LinkButton';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Ago, Badge, Button, ButtonLink, Card, Empty, Icon, Notice, Pager, Spinner, Table, Tabs, type Column } from '../../ui';
import { useListAddress } from '../lists/useListAddress';
import { queryOf, SORTS } from './listAddress';
import { addressOf, causeOf, lookOf, nextStoreId, stepFor } from './merchants';
import styles from './MerchantsPage.module.css';
import { useMerchantCounts, useMerchants } from './useMerchants';

// Loaded when somebody opens it.
const NewMerchantDialog = lazy(() => import('./NewMerchantDialog'));

const FILTERS = ['ALL', ...MERCHANT_STATUSES] as const;
type Filter = (typeof FILTERS)[number];
const NAMES = { ALL: 'merchants.all', PENDING: 'merchants.pending', ACTIVE: 'merchants.active', FAILED: 'merchants.failed', SUSPENDED: 'merchants.suspended' } as const;
const PAUSE_MS = 250;

export function Component() {
  const address = useListAddress();
  const query = queryOf(address);
  const merchants = useMerchants(query);
  const counts = useMerchantCounts();
  const canAct = useCanAct();
  const [adding, setAdding] = useState(false);
  const [activating, setActivating] = useState<{ merchant: Merchant; storeId: string } | null>(null);
  const navigate = useNavigate();
  const { set } = address;
  const sortBy = useCallback((sort: string) => set({ sort: sort === SORTS[0] ? undefined : sort }, 'keep'), [set]);
  const activate = useCallback((merchant: Merchant) => setActivating({ merchant, storeId: nextStoreId(merchant) }), []);
  const further = merchants.current ? merchants.value?.next_cursor : null;

  return (
    <>
      <PageHeader
        title={t('merchants.title')}
        text={t('merchants.text')}
        actions={
          canAct && (
            <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
              {t('newMerchant.open')}
            </Button>
          )
        }
      />
      <Card flush>
        <div className={styles.tools}>
          <Tabs<Filter>
            label={t('merchants.filter')}
            value={query.status ?? 'ALL'}
            onChange={(chosen) => address.set({ status: chosen === 'ALL' ? undefined : chosen.toLowerCase() }, 'keep')}
            tabs={FILTERS.map((value) => ({ value, label: t(NAMES[value]), count: countOf(counts.value, value) }))}
          />
          <Search value={query.q ?? ''} onChange={(q) => address.set({ q: q || undefined })} />
        </div>
        {merchants.connection === 'offline' && (
          <div className={styles.note}>
            <Notice tone="warning" icon="wifiOff" title={t('lists.old')} />
          </div>
        )}
        <List
          merchants={merchants}
          query={query}
          onSort={sortBy}
          onReset={() => address.set({ status: undefined, q: undefined }, 'keep')}
          onAdd={canAct ? () => setAdding(true) : undefined}
          onActivate={activate}
        />
        <Pager page={address.page} hasNext={Boolean(further)} onPrevious={address.previous} onNext={() => further && address.next(further)} />
      </Card>
      {adding && (
        <Suspense fallback={null}>
          <NewMerchantDialog
            onClose={() => setAdding(false)}
            onCreated={(made) => {
              counts.refresh();
              void navigate(addressOf(made.id));
            }}
          />
        </Suspense>
      )}
      {activating && (
        <MerchantActivationModal
          open
          onOpenChange={(open) => !open && setActivating(null)}
          storeId={activating.storeId}
          storeName={activating.merchant.name}
          merchantId={activating.merchant.id}
          ownerEmail={activating.merchant.owner_email}
          category={activating.merchant.category}
          choices={activating.merchant.saved_choices}
          onSuccess={({ store_id }) => void navigate(`/stores/${encodeURIComponent(store_id)}/provisioning`)}
        />
      )}
    </>
  );
}

function countOf(counts: MerchantCounts | null, filter: Filter): number | undefined {
  return counts?.[filter.toLowerCase() as Lowercase<Filter>];
}

/** Looks as one types, after a short pause; and shows what the address says when one goes back. */
function Search({ value, onChange }: { value: string; onChange(value: string): void }) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    if (input.current && input.current.value.trim() !== value && document.activeElement !== input.current) input.current.value = value;
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (typed: string, pause: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => tell.current(typed.trim()), pause);
  };
  return (
    <form role="search" className={styles.search} onSubmit={(event) => (event.preventDefault(), search(input.current?.value ?? '', 0))}>
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        aria-label={t('merchants.search')}
        placeholder={t('merchants.searchHint')}
        maxLength={100}
        defaultValue={value}
        onChange={(event) => search(event.target.value, PAUSE_MS)}
      />
    </form>
  );
}

interface ListProps {
  merchants: Watched<Page<Merchant>>;
  query: MerchantQuery;
  onSort(sort: string): void;
  onReset(): void;
  onAdd?: () => void;
  onActivate(merchant: Merchant): void;
}

function List({ merchants, query, onSort, onReset, onAdd, onActivate }: ListProps) {
  const canAct = useCanAct();
  if (merchants.error) return <Unavailable merchants={merchants} onReset={onReset} />;
  if (!merchants.value) {
    return (
      <div className={styles.loading}>
        <Spinner size="large" label={t('ui.loading')} />
      </div>
    );
  }
  if (merchants.value.items.length === 0 && merchants.current) return <Nobody query={query} more={merchants.value.next_cursor !== null} onReset={onReset} onAdd={onAdd} />;
  return (
    <div className={merchants.current ? undefined : styles.stale} aria-busy={!merchants.current}>
      <Rows items={merchants.value.items} sort={query.sort} canAct={canAct} onSort={onSort} onActivate={onActivate} />
    </div>
  );
}

interface RowsProps {
  items: readonly Merchant[];
  sort: string | undefined;
  canAct: boolean;
  onSort(sort: string): void;
  onActivate(merchant: Merchant): void;
}

/** Drawn for what has come, and not again for each count and each connection beside it. */
const Rows = memo(function Rows({ items, sort, canAct, onSort, onActivate }: RowsProps) {
  const columns: Column<Merchant>[] = [
    { key: 'name', title: t('merchants.name'), sort: 'name', phone: 'heading', cell: (one) => <Name merchant={one} /> },
    { key: 'status', title: t('merchants.status'), cell: (one) => <State merchant={one} /> },
    { key: 'store', title: t('merchants.store'), phone: 'hidden', cell: (one) => <Place merchant={one} /> },
    { key: 'requested', title: t('merchants.requested'), sort: 'requested_at', cell: (one) => one.requested_at && <Ago time={one.requested_at} className={styles.muted} /> },
    { key: 'actions', title: t('merchants.actions'), align: 'right', cell: (one) => <Act merchant={one} canAct={canAct} onActivate={onActivate} /> },
  ];
  return <Table label={t('merchants.list')} columns={columns} rows={items} rowKey={(one) => one.id} sort={sort} onSort={onSort} />;
});

function Unavailable({ merchants, onReset }: { merchants: Watched<Page<Merchant>>; onReset(): void }) {
  return (
    <div className={styles.note}>
      <Notice
        tone="danger"
        urgent
        title={t('merchants.unavailable')}
        actions={
          <>
            <Button icon="refresh" onClick={merchants.refresh}>
              {t('ui.tryAgain')}
            </Button>
            <Button onClick={onReset}>{t('merchants.reset')}</Button>
          </>
        }
      >
        {merchants.error?.message}
      </Notice>
    </div>
  );
}

function Nobody({ query, more, onReset, onAdd }: { query: MerchantQuery; more: boolean; onReset(): void; onAdd?: () => void }) {
  if (more) {
    return (
      <Empty icon="search" title={t('merchants.further.title')}>
        {t('merchants.further.text')}
      </Empty>
    );
  }
  if (!query.q && !query.status) {
    return (
      <Empty
        icon="store"
        title={t('merchants.nobody.title')}
        actions={
          onAdd && (
            <Button kind="primary" icon="plus" onClick={onAdd}>
              {t('newMerchant.open')}
            </Button>
          )
        }
      >
        {t('merchants.nobody.text')}
      </Empty>
    );
  }
  return (
    <Empty icon="search" title={t('merchants.none.title')} actions={<Button onClick={onReset}>{t('merchants.reset')}</Button>}>
      {t('merchants.none.text')}
    </Empty>
  );
}

function Name({ merchant }: { merchant: Merchant }) {
  return (
    <span className={styles.name}>
      <Link to={addressOf(merchant.id)} className={styles.title}>
        {merchant.name}
      </Link>
      <span className={styles.muted}>{merchant.owner_email}</span>
    </span>
  );
}

function State({ merchant }: { merchant: Merchant }) {
  const look = lookOf(merchant);
  const why = causeOf(merchant);
  return (
    <span className={styles.state}>
      <Badge tone={look.tone} icon={look.icon}>
        {look.text}
      </Badge>
      {why && (
        <>
          <span className={styles.cause} title={why.cause}>
            {why.cause}
          </span>
          {why.action && <span className={styles.action}>{why.action}</span>}
        </>
      )}
    </span>
  );
}

function Place({ merchant }: { merchant: Merchant }) {
  const [store, ...others] = merchant.stores;
  if (!store) return <span className={styles.muted}>{merchant.saved_choices.subdomain ? t('merchants.wants', { subdomain: merchant.saved_choices.subdomain }) : '–'}</span>;
  return (
    <span className={styles.name}>
      <span>{store.subdomain}</span>
      <span className={styles.muted}>{others.length > 0 ? t('merchants.andMore', { n: others.length }) : t(`storeStatus.${store.status}`)}</span>
    </span>
  );
}

function Act({ merchant, canAct, onActivate }: { merchant: Merchant; canAct: boolean; onActivate(merchant: Merchant): void }) {
  const step = stepFor(merchant);
  if (step?.kind === 'go') {
    return (
      <LinkButton size="small" to={step.to} aria-label={`${step.text}: ${merchant.name}`}>
        {step.text}
      </LinkButton>
    );
  }
  if (step?.kind === 'visit') {
    return (
      <ButtonLink size="small" href={step.href} target="_blank" rel="noopener" iconAfter="external" aria-label={`${t('outcome.openStore')}: ${merchant.name}`}>
        {t('outcome.openStore')}
      </ButtonLink>
    );
  }
  if (step === null || !canAct) return null;
  return (
    <Button size="small" icon="store" aria-label={`${t('button.activate')}: ${merchant.name}`} onClick={() => onActivate(merchant)}>
      {t('button.activate')}
    </Button>
  );
}
