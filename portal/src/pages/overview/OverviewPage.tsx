import { lazy, Suspense, useCallback, type ReactNode } from 'react';
import { Link } from 'react-router';
import { STORE_STATUSES, useLoaded, useSource, useWatched, type FailureGroup, type Overview, type ProvisioningSummary, type StoreStatus } from '../../data';
import { useDurations } from '../../provisioning/useDurations';
import { useSession } from '../../session/SessionProvider';
import { LinkButton } from '../../shell/LinkButton';
import { PageHeader } from '../../shell/PageHeader';
import { Unavailable } from '../../shell/Unavailable';
import { language, n, t } from '../../texts';
import { Card, duration, Icon, Notice, SelectField, Spinner, Table, toneClass, unseen, type Column, type IconName, type Tone } from '../../ui';
import { lookOfStore } from '../merchant/facts';
import { Ago, LiveMark, Name } from '../lists/Cells';
import { oneOf, useListAddress } from '../lists/useListAddress';
import { Fine } from './Fine';
import { Letters } from './Letters';
import styles from './OverviewPage.module.css';
import { sayStep } from '../lists/sayStep';

const ActivationsChart = lazy(() => import('./charts').then((charts) => ({ default: charts.ActivationsChart })));
const StepTimesChart = lazy(() => import('./charts').then((charts) => ({ default: charts.StepTimesChart })));

const PERIODS = ['7', '14', '30'] as const;

export function Component() {
  const address = useListAddress();
  const days = oneOf(PERIODS, address.get('days')) ?? '14';
  const { value, current, error, connection, refresh } = useWatched<Overview>(`overview ${days}`, (source, watcher) => source.platform.watchOverview(Number(days), watcher));
  return (
    <>
      <PageHeader
        title={t('overview.title')}
        text={t('overview.text')}
        actions={
          <span className={styles.period}>
            <LiveMark connection={connection} />
            <SelectField
              label={<span className={unseen}>{t('overview.period')}</span>}
              value={days}
              onChange={(chosen) => address.set({ days: chosen === '14' ? undefined : chosen })}
              options={PERIODS.map((period) => ({ value: period, label: n('overview.days', Number(period)) }))}
            />
          </span>
        }
      />
      <div className={styles.page}>
        <FaultNotice />
        {error && <Unavailable error={error} again={refresh} />}
        {connection === 'offline' && <Notice tone="warning" icon="wifiOff" title={t('lists.old')} />}
        {!value && !error && (
          <div className={styles.loading}>
            <Spinner size="large" label={t('ui.loading')} />
          </div>
        )}
        {value && (current || !error) && (
          <div className={current ? styles.page : `${styles.page} ${styles.stale}`} aria-busy={!current}>
            <Figures overview={value} refresh={refresh} />
          </div>
        )}
      </div>
    </>
  );
}

function Figures({ overview, refresh }: { overview: Overview; refresh(): void }) {
  const durations = useDurations();
  const timed = durations !== null && Object.keys(durations.steps).length > 0;
  return (
    <>
      <Tiles overview={overview} />
      {!overview.complete && <Notice tone="neutral">{t('overview.incomplete')}</Notice>}
      <div className={styles.wide}>
        <Suspense fallback={<Waiting />}>
          <ActivationsChart days={overview.activations_per_day} />
        </Suspense>
        <StoresByStatus counts={overview.stores_by_status} />
      </div>
      <div className={styles.halves}>
        <Failures failures={overview.failures} />
        {timed && (
          <Suspense fallback={<Waiting />}>
            <StepTimesChart durations={durations} />
          </Suspense>
        )}
      </div>
      <div className={styles.halves}>
        <StandingStill found={overview.standing_still} />
        <Letters letters={overview.dead_letters} refresh={refresh} />
      </div>
    </>
  );
}

function Waiting() {
  return (
    <Card>
      <div className={styles.loading}>
        <Spinner label={t('ui.loading')} />
      </div>
    </Card>
  );
}

// --- Tiles ---

interface TileProps {
  to: string;
  icon: IconName;
  label: string;
  value: ReactNode;
  more?: ReactNode;
  tone?: Tone;
}

function Tile({ to, icon, label, value, more, tone = 'neutral' }: TileProps) {
  return (
    <li>
      <Link to={to} className={`${styles.tile} ${styles[tone]}`}>
        <span className={styles.label}>
          <Icon name={icon} />
          {label}
        </span>
        <span className={styles.value}>{value}</span>
        <span className={styles.more}>{more}</span>
      </Link>
    </li>
  );
}

function Tiles({ overview }: { overview: Overview }) {
  const { success_rate: rate, seconds, standing_still: still, dead_letters: letters } = overview;
  const total = overview.activations_per_day.reduce((sum, day) => sum + day.completed + day.failed + day.rolled_back, 0);
  const failed = overview.activations_per_day.reduce((sum, day) => sum + day.failed, 0);
  const open = overview.stores_by_status.ACTIVE ?? 0;
  return (
    <ul className={styles.tiles}>
      <Tile to="/stores?status=active" icon="store" label={t('overview.openStores')} value={whole(open)} more={t('overview.ofStores', { n: whole(living(overview)) })} />
      <Tile
        to="/provisionings?status=failed"
        icon="check"
        label={t('overview.success')}
        value={rate === null ? '–' : percent(rate)}
        more={rate === null ? t('overview.noneEnded') : t('overview.successOf', { failed: whole(failed), all: whole(total) })}
        tone={failed > 0 ? 'danger' : 'neutral'}
      />
      <Tile
        to="/provisionings?status=completed"
        icon="clock"
        label={t('overview.time')}
        value={seconds ? duration(seconds.p50 * 1000) : '–'}
        more={seconds ? t('overview.time95', { time: duration(seconds.p95 * 1000) }) : t('overview.noneEnded')}
      />
      <Tile
        to="/provisionings?status=standing_still"
        icon="alert"
        label={t('overview.still')}
        value={whole(still.length)}
        more={t(still.length > 0 ? 'overview.still.some' : 'overview.still.none')}
        tone={still.length > 0 ? 'warning' : 'neutral'}
      />
      <Tile to="/dead-letters" icon="mail" label={t('letters.title')} value={whole(letters.open)} more={t(letters.open > 0 ? 'overview.letters.some' : 'overview.letters.none')} tone={letters.open > 0 ? 'danger' : 'neutral'} />
    </ul>
  );
}

function living(overview: Overview): number {
  return STORE_STATUSES.filter((status) => status !== 'DELETED').reduce((sum, status) => sum + (overview.stores_by_status[status] ?? 0), 0);
}

function whole(count: number): string {
  return new Intl.NumberFormat(language()).format(count);
}

function percent(share: number): string {
  return new Intl.NumberFormat(language(), { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

// --- Stores ---

function StoresByStatus({ counts }: { counts: Partial<Record<StoreStatus, number>> }) {
  const most = Math.max(1, ...Object.values(counts));
  return (
    <Card title={t('overview.byStatus')}>
      <table className={styles.bars}>
        <caption className={unseen}>{t('overview.byStatus')}</caption>
        <thead className={unseen}>
          <tr>
            <th scope="col">{t('stores.status')}</th>
            <th scope="col">{t('stores.title')}</th>
          </tr>
        </thead>
        <tbody>
          {STORE_STATUSES.map((status) => {
            const [count, look] = [counts[status] ?? 0, lookOfStore(status)];
            return (
              <tr key={status}>
                <th scope="row">
                  <Link to={`/stores?status=${status.toLowerCase()}`}>
                    <Icon name={look.icon === 'spinner' ? 'refresh' : look.icon} className={`${styles.icon} ${toneClass(look.tone)}`} />
                    {look.text}
                  </Link>
                </th>
                <td className={styles.barCell}>
                  <Bar share={count / most} tone={look.tone} />
                  <span className={styles.count}>{whole(count)}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}

/** A bar whose length is an attribute. */
function Bar({ share, tone }: { share: number; tone: Tone }) {
  return (
    <svg className={styles.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="8" rx="0" className={styles.barTrack} />
      {share > 0 && <rect width={Math.max(2, 100 * share)} height="8" className={`${styles.barFilled} ${toneClass(tone)}`} />}
    </svg>
  );
}

// --- What fails, what stands still ---

function Failures({ failures }: { failures: readonly FailureGroup[] }) {
  const most = Math.max(1, ...failures.map((one) => one.count));
  const columns: Column<FailureGroup>[] = [
    { key: 'cause', title: t('overview.cause'), phone: 'heading', cell: (one) => <Name name={one.title} more={one.step ? `${sayStep(one.step)} · ${one.code}` : one.code} /> },
    {
      key: 'count',
      title: t('overview.count'),
      cell: (one) => (
        <span className={styles.countBar}>
          <Bar share={one.count / most} tone="danger" />
          <span className={styles.count}>{whole(one.count)}</span>
        </span>
      ),
    },
    {
      key: 'example',
      title: t('overview.example'),
      align: 'right',
      cell: (one) => (
        <Link to={`/provisionings/${encodeURIComponent(one.example)}`} aria-label={t('overview.exampleOf', { title: one.title })}>
          {t('overview.look')}
        </Link>
      ),
    },
  ];
  return (
    <Card title={t('overview.failures')} flush actions={failures.length > 0 && <LinkButton kind="quiet" size="small" iconAfter="arrowRight" to="/provisionings?status=failed">{t('overview.all')}</LinkButton>}>
      {failures.length > 0 ? <Table label={t('overview.failures')} columns={columns} rows={failures} rowKey={(one) => `${one.step} ${one.code}`} /> : <Fine>{t('overview.failures.none')}</Fine>}
    </Card>
  );
}

function StandingStill({ found }: { found: readonly ProvisioningSummary[] }) {
  const columns: Column<ProvisioningSummary>[] = [
    { key: 'store', title: t('provisionings.store'), phone: 'heading', cell: (p) => <Name name={<Link to={`/provisionings/${encodeURIComponent(p.id)}`}>{p.store_name ?? p.id}</Link>} more={p.current_step ? sayStep(p.current_step) : undefined} /> },
    { key: 'since', title: t('overview.lastMove'), align: 'right', cell: (p) => <Ago time={p.updated_at} /> },
  ];
  return (
    <Card title={t('overview.still')} flush actions={found.length > 0 && <LinkButton kind="quiet" size="small" iconAfter="arrowRight" to="/provisionings?status=standing_still">{t('overview.all')}</LinkButton>}>
      {found.length > 0 ? <Table label={t('overview.still')} columns={columns} rows={found} rowKey={(p) => p.id} /> : <Fine>{t('provisionings.nothingStill.text')}</Fine>}
    </Card>
  );
}

// --- Trials ---

/** Whoever looks at failures has to know which of them were asked for. */
function FaultNotice() {
  const { config } = useSession();
  const { platform } = useSource();
  const load = useCallback(() => platform.faults(), [platform]);
  const { value } = useLoaded(config.faults ? load : null);
  if (!value || value.faults.length === 0) return null;
  return (
    <Notice
      tone="warning"
      icon="flask"
      title={n('trials.on', value.faults.length)}
      actions={
        <LinkButton size="small" to="/trials">
          {t('trials.look')}
        </LinkButton>
      }
    >
      {value.faults.map((fault) => `${sayStep(fault.step)}: ${t(`trials.${fault.kind}`)}`).join(' · ')}
    </Notice>
  );
}
