import { Link } from 'react-router';
import { useWatched, type Page, type ProvisioningQuery, type ProvisioningStatus, type ProvisioningSummary } from '../../data';
import { lookOfStatus } from '../../provisioning/words';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Badge, Card, duration, Pager, Progress, SelectField, Table, Tabs, unseen, useNow, type Column } from '../../ui';
import { Ago, LiveMark, Muted, Name } from '../lists/Cells';
import { Listed } from '../lists/Listed';
import lists from '../lists/lists.module.css';
import { oneOf, useListAddress } from '../lists/useListAddress';
import styles from './ProvisioningsPage.module.css';

const VIEWS = ['ALL', 'IN_PROGRESS', 'STANDING_STILL', 'FAILED', 'COMPLETED', 'ROLLBACK', 'ROLLED_BACK'] as const;
type View = (typeof VIEWS)[number];
const NAMES = {
  ALL: 'provisionings.all',
  IN_PROGRESS: 'status.inProgress',
  STANDING_STILL: 'provisionings.standingStill',
  FAILED: 'status.failed',
  COMPLETED: 'status.completed',
  ROLLBACK: 'status.rollback',
  ROLLED_BACK: 'status.rolledBack',
} as const satisfies Record<View, string>;
const KINDS = ['activation', 'publication'] as const;

export function Component() {
  const address = useListAddress();
  const view: View = oneOf(VIEWS, address.get('status')) ?? 'ALL';
  const kind = oneOf(KINDS, address.get('kind')) ?? 'activation';
  const query: ProvisioningQuery = { ...asked(view), kind, store_id: address.get('store'), merchant_id: address.get('merchant'), cursor: address.cursor, limit: 25 };
  const found = useWatched<Page<ProvisioningSummary>>(JSON.stringify(query), (source, watcher) => source.platform.watchProvisionings(query, watcher));
  // The end of one list is no place to go on from in another.
  const further = found.current ? found.value?.next_cursor : null;
  return (
    <>
      <PageHeader title={t('provisionings.title')} text={t('provisionings.text')} />
      <Card flush>
        <div className={lists.tools}>
          <Tabs<View>
            label={t('provisionings.filter')}
            value={view}
            onChange={(chosen) => address.set({ status: chosen === 'ALL' ? undefined : chosen.toLowerCase() })}
            tabs={VIEWS.map((value) => ({ value, label: t(NAMES[value]) }))}
          />
          <div className={styles.kind}>
            <LiveMark connection={found.connection} />
            <SelectField
              label={<span className={unseen}>{t('provisionings.kind')}</span>}
              value={kind}
              onChange={(chosen) => address.set({ kind: chosen === 'activation' ? undefined : chosen })}
              options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            />
          </div>
        </div>
        <Listed value={found.value} current={found.current} error={found.error} connection={found.connection} again={found.refresh} empty={{ icon: view === 'STANDING_STILL' ? 'check' : 'search', ...empty(view) }}>
          {(items) => <Table label={t('provisionings.title')} columns={COLUMNS} rows={items} rowKey={(one) => one.id} />}
        </Listed>
        <Pager page={address.page} hasNext={Boolean(further)} onPrevious={address.previous} onNext={() => further && address.next(further)} />
      </Card>
    </>
  );
}

function asked(view: View): { status?: ProvisioningStatus; stuck?: boolean } {
  if (view === 'ALL') return {};
  return view === 'STANDING_STILL' ? { stuck: true } : { status: view };
}

function empty(view: View): { title: string; text: string } {
  if (view === 'STANDING_STILL') return { title: t('provisionings.nothingStill'), text: t('provisionings.nothingStill.text') };
  return { title: t('provisionings.none'), text: t('provisionings.none.text') };
}

const COLUMNS: Column<ProvisioningSummary>[] = [
  { key: 'store', title: t('provisionings.store'), phone: 'heading', cell: (p) => <Store p={p} /> },
  { key: 'status', title: t('provisionings.status'), cell: (p) => <State p={p} /> },
  { key: 'progress', title: t('provisionings.progress'), cell: (p) => <Course p={p} /> },
  { key: 'requested', title: t('provisionings.requested'), cell: (p) => <Ago time={p.requested_at} /> },
  { key: 'took', title: t('provisionings.took'), align: 'right', phone: 'hidden', cell: (p) => <Took p={p} /> },
];

function Store({ p }: { p: ProvisioningSummary }) {
  return <Name name={<Link to={`/provisionings/${encodeURIComponent(p.id)}`}>{p.store_name ?? p.id}</Link>} more={p.subdomain} />;
}

function State({ p }: { p: ProvisioningSummary }) {
  const look = lookOfStatus(p.status, p.halted);
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.text}
    </Badge>
  );
}

/** How far it is, or why it went no further. */
function Course({ p }: { p: ProvisioningSummary }) {
  if (p.error) return <span className={styles.why}>{p.error.title}</span>;
  if (p.status === 'COMPLETED' || p.status === 'ROLLED_BACK') return <Muted>–</Muted>;
  return (
    <span className={styles.course}>
      <Progress value={p.completion_percent} label={t('provisionings.progressOf', { store: p.store_name ?? p.id })} tone={p.status === 'ROLLBACK' ? 'warning' : 'accent'} />
      <span className={styles.percent}>{p.completion_percent} %</span>
    </span>
  );
}

function Took({ p }: { p: ProvisioningSummary }) {
  const running = p.status === 'IN_PROGRESS' || p.status === 'PENDING';
  const now = useNow(running);
  const end = p.completed_at ? Date.parse(p.completed_at) : running ? now : null;
  const began = p.requested_at;
  return <Muted>{end === null || !began ? '–' : duration(end - Date.parse(began))}</Muted>;
}
