import { useCallback } from 'react';
import { Link } from 'react-router';
import { STORE_STATUSES, useLoaded, useSource, type StoreStatus, type StoreSummary } from '../../data';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Badge, Button, Card, Pager, Table, Tabs, type Column } from '../../ui';
import { Muted, Name } from '../lists/Cells';
import { Listed } from '../lists/Listed';
import lists from '../lists/lists.module.css';
import { oneOf, useListAddress } from '../lists/useListAddress';
import { lookOfStore } from '../merchant/facts';

const VIEWS = ['ALL', ...STORE_STATUSES] as const;
type View = (typeof VIEWS)[number];

export function Component() {
  const { platform } = useSource();
  const address = useListAddress();
  const view: View = oneOf<View>(VIEWS, address.get('status')) ?? 'ALL';
  const [theme, plan, cursor] = [address.get('theme'), address.get('plan'), address.cursor];
  const load = useCallback(() => platform.stores({ status: view === 'ALL' ? undefined : view, theme, plan, cursor, limit: 25 }), [platform, view, theme, plan, cursor]);
  const { value, error, again } = useLoaded(load);
  return (
    <>
      <PageHeader title={t('stores.title')} text={t('stores.text')} />
      <Card flush>
        <div className={lists.tools}>
          <Tabs<View>
            label={t('stores.filter')}
            value={view}
            onChange={(chosen) => address.set({ status: chosen === 'ALL' ? undefined : chosen.toLowerCase() })}
            tabs={VIEWS.map((value) => ({ value, label: value === 'ALL' ? t('stores.all') : lookOfStore(value).text }))}
          />
          {(theme ?? plan) && (
            <Button size="small" icon="close" onClick={() => address.set({ theme: undefined, plan: undefined })}>
              {theme ? t('stores.withTheme', { theme }) : t('stores.onPlan', { plan: plan ?? '' })}
            </Button>
          )}
        </div>
        <Listed value={value} error={error} again={again} empty={{ icon: 'store', title: t('stores.none'), text: t('stores.none.text') }}>
          {(items) => <Table label={t('stores.title')} columns={COLUMNS} rows={items} rowKey={(one) => one.store_id} />}
        </Listed>
        <Pager page={address.page} hasNext={Boolean(value?.next_cursor)} onPrevious={address.previous} onNext={() => value?.next_cursor && address.next(value.next_cursor)} />
      </Card>
    </>
  );
}

const COLUMNS: Column<StoreSummary>[] = [
  { key: 'name', title: t('stores.store'), phone: 'heading', cell: (one) => <Name name={<Link to={`/stores/${encodeURIComponent(one.store_id)}`}>{one.name}</Link>} more={one.subdomain} /> },
  { key: 'status', title: t('stores.status'), cell: (one) => <State status={one.status} /> },
  { key: 'theme', title: t('stores.theme'), cell: (one) => <Muted>{one.theme}</Muted> },
  { key: 'plan', title: t('stores.plan'), align: 'right', cell: (one) => <Muted>{one.plan}</Muted> },
];

function State({ status }: { status: StoreStatus }) {
  const look = lookOfStore(status);
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.text}
    </Badge>
  );
}
