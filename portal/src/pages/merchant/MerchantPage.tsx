import { lazy, Suspense, useState } from 'react';
import { NavLink, useNavigate, useParams, useSearchParams } from 'react-router';
import { useCanAct, useWatched, type DataError, type Merchant, type StoreView, type Watched } from '../../data';
import { MerchantActivationModal, ProvisioningStatus } from '../../provisioning';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Badge, Button, ButtonLink, Empty, Notice, SelectField, Spinner } from '../../ui';
import { countryName } from '../merchants/countries';
import { causeOf, lookOf, nextStoreId } from '../merchants/merchants';
import { NotFoundPage } from '../notFound/NotFoundPage';
import styles from './MerchantPage.module.css';
import { placeOf, readSection, SECTIONS, type SectionName } from './sections';
import { StoreSection } from './StoreSection';

// What only some look at comes when somebody does.
const PARTS = {
  releases: lazy(() => import('./ReleasesSection')),
  theme: lazy(() => import('./ThemeSection')),
  pictures: lazy(() => import('./PicturesSection')),
  plan: lazy(() => import('./PlanSection')),
  history: lazy(() => import('./HistorySection')),
  audit: lazy(() => import('./AuditSection')),
};

/** One merchant with its stores: all that there is to know, and to do. */
export function Component() {
  const { merchantId = '', section: named } = useParams();
  const section = readSection(named);
  const merchant = useWatched<Merchant>(merchantId, (source, watcher) => source.stores.watchMerchant(merchantId, watcher));
  if (section === null || merchant.error?.status === 404) return <NotFoundPage />;
  if (merchant.error) return <Unavailable error={merchant.error} />;
  if (!merchant.value || !merchant.current) return <Loading />;
  return <Shown key={merchantId} merchant={merchant.value} watched={merchant} section={section} />;
}

function Shown({ merchant, watched, section }: { merchant: Merchant; watched: Watched<Merchant>; section: SectionName }) {
  const [parameters] = useSearchParams();
  const wanted = parameters.get('store');
  const store = merchant.stores.find((one) => one.store_id === wanted) ?? merchant.stores[0];
  const [activating, setActivating] = useState<string | null>(null);
  const canAct = useCanAct();
  const navigate = useNavigate();
  const look = lookOf(merchant);
  const activate = () => setActivating(nextStoreId(merchant));
  const p = merchant.provisioning;
  const runs = p !== null && p.status !== 'ROLLED_BACK' && p.status !== 'COMPLETED';
  const may = canAct && merchant.status !== 'SUSPENDED';
  return (
    <>
      <PageHeader
        title={merchant.name}
        up={{ to: '/merchants', text: t('nav.merchants') }}
        text={
          <span className={styles.facts}>
            <Badge tone={look.tone} icon={look.icon}>
              {look.text}
            </Badge>
            <span>{merchant.owner_name && merchant.owner_name !== merchant.name ? `${merchant.owner_name}, ${merchant.owner_email}` : merchant.owner_email}</span>
            {merchant.category && <span>{t(`category.${merchant.category}`)}</span>}
            {merchant.country && <span>{countryName(merchant.country)}</span>}
          </span>
        }
        actions={
          <>
            {store?.website && (
              <ButtonLink href={store.website} target="_blank" rel="noopener" iconAfter="external">
                {t('outcome.openStore')}
              </ButtonLink>
            )}
            {may && store && !runs && (
              <Button icon="plus" onClick={activate}>
                {t('merchant.addStore')}
              </Button>
            )}
          </>
        }
      />
      {watched.connection === 'offline' && (
        <div className={styles.notice}>
          <Notice tone="warning" icon="wifiOff" title={t('lists.old')} actions={<Button onClick={watched.refresh}>{t('connection.tryNow')}</Button>} />
        </div>
      )}
      <Why merchant={merchant} />
      {store ? (
        <OfStore key={store.store_id} merchant={merchant} storeId={store.store_id} section={section} />
      ) : (
        <WithoutStore merchant={merchant} runs={runs} onActivate={may ? activate : undefined} />
      )}
      {activating !== null && (
        <MerchantActivationModal
          open
          onOpenChange={(open) => !open && setActivating(null)}
          storeId={activating}
          storeName={merchant.name}
          merchantId={merchant.id}
          ownerEmail={merchant.owner_email}
          category={merchant.category}
          choices={merchant.stores.length === 0 ? merchant.saved_choices : undefined}
          onSuccess={({ store_id }) => void navigate(`/stores/${encodeURIComponent(store_id)}/provisioning`)}
        />
      )}
    </>
  );
}

/** Why it is not as it should be, where its provisioning does not say so below. */
function Why({ merchant }: { merchant: Merchant }) {
  const why = causeOf(merchant);
  if (!why || (merchant.status === 'FAILED' && merchant.provisioning?.error)) return null;
  return (
    <div className={styles.notice}>
      <Notice tone={merchant.status === 'FAILED' ? 'danger' : 'warning'} title={why.cause}>
        {why.action}
      </Notice>
    </div>
  );
}

function WithoutStore({ merchant, runs, onActivate }: { merchant: Merchant; runs: boolean; onActivate?: () => void }) {
  const navigate = useNavigate();
  const p = merchant.provisioning;
  if (runs && p) return <ProvisioningStatus storeId={{ provisioningId: p.id }} onStartedOver={(started) => void navigate(`/stores/${encodeURIComponent(started.store_id)}/provisioning`)} />;
  return (
    <Empty
      icon="store"
      title={t('merchant.noStoreYet')}
      actions={
        onActivate && (
          <Button kind="primary" icon="store" onClick={onActivate}>
            {t('button.activate')}
          </Button>
        )
      }
    >
      {t(merchant.status === 'SUSPENDED' ? 'merchant.suspended.text' : 'merchant.noStoreYet.text')}
    </Empty>
  );
}

function OfStore({ merchant, storeId, section }: { merchant: Merchant; storeId: string; section: SectionName }) {
  const store = useWatched<StoreView>(storeId, (source, watcher) => source.stores.watchStore(storeId, watcher));
  const several = merchant.stores.length > 1 ? storeId : null;
  return (
    <>
      <Parts merchant={merchant} storeId={several} section={section} />
      <Part store={store} section={section} />
    </>
  );
}

function Parts({ merchant, storeId, section }: { merchant: Merchant; storeId: string | null; section: SectionName }) {
  const navigate = useNavigate();
  return (
    <div className={styles.bar}>
      <nav className={styles.parts} aria-label={t('merchant.parts')}>
        <ul>
          {SECTIONS.map((name) => (
            <li key={name}>
              <NavLink end className={styles.part ?? ''} to={placeOf(merchant.id, name, storeId)}>
                {t(`merchant.part.${name}`)}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      {storeId !== null && (
        <div className={styles.which}>
          <SelectField
            label={t('merchant.which')}
            value={storeId}
            onChange={(chosen) => void navigate(placeOf(merchant.id, section, chosen))}
            options={merchant.stores.map((one) => ({ value: one.store_id, label: one.subdomain ?? one.store_name }))}
          />
        </div>
      )}
    </div>
  );
}

function Part({ store, section }: { store: Watched<StoreView>; section: SectionName }) {
  if (store.error) return <Unavailable error={store.error} />;
  if (!store.value) return <Loading />;
  if (section === 'store') return <StoreSection store={store.value} refresh={store.refresh} />;
  const Section = PARTS[section];
  return (
    <Suspense fallback={<Loading />}>
      <Section store={store.value} refresh={store.refresh} />
    </Suspense>
  );
}

function Unavailable({ error }: { error: DataError }) {
  return (
    <Notice tone="danger" urgent title={t('merchant.unavailable')}>
      {error.message}
    </Notice>
  );
}

function Loading() {
  return (
    <div className={styles.loading}>
      <Spinner size="large" label={t('ui.loading')} />
    </div>
  );
}
