import { useCallback, useEffect, useRef } from 'react';
import { Link } from 'react-router';
import { useSource, type ProvisioningSummary } from '../../data';
import { lookOfStatus } from '../../provisioning';
import { t } from '../../texts';
import { Ago, Badge, Card, duration, Empty, Table, type Column } from '../../ui';
import { Paged } from './Paged';
import type { SectionProps } from './section';
import styles from './HistorySection.module.css';
import { usePages } from './usePages';

/** Every activation and publication of the store, the newest first. */
export default function HistorySection({ store }: SectionProps) {
  const { stores } = useSource();
  const id = store.store_id;
  const load = useCallback((cursor: string | undefined) => stores.provisionings(id, { cursor, limit: 25 }), [stores, id]);
  const pages = usePages<ProvisioningSummary>(load);
  const last = store.provisioning?.updated_at;
  const seen = useRef(last);
  const { again } = pages;
  // What is watched above has moved.
  useEffect(() => {
    if (seen.current !== last) again();
    seen.current = last;
  }, [last, again]);
  const columns: Column<ProvisioningSummary>[] = [
    {
      key: 'what',
      title: t('history.what'),
      phone: 'heading',
      cell: (p) => (
        <Link className={styles.what} to={`/provisionings/${encodeURIComponent(p.id)}`}>
          {kindOf(p.kind)}
        </Link>
      ),
    },
    { key: 'status', title: t('merchants.status'), cell: (p) => <Status p={p} /> },
    {
      key: 'when',
      title: t('merchants.requested'),
      cell: (p) => p.requested_at && <Ago time={p.requested_at} className={styles.muted} />,
    },
    { key: 'took', title: t('history.took'), phone: 'hidden', cell: (p) => <span className={styles.muted}>{took(p)}</span> },
    { key: 'retries', title: t('history.retries'), phone: 'hidden', align: 'right', cell: (p) => <span className={styles.muted}>{p.retry_count}</span> },
  ];
  return (
    <Card flush title={t('merchant.part.history')}>
      <Paged
        {...pages}
        empty={
          <Empty icon="clock" title={t('history.none.title')}>
            {t('history.none.text')}
          </Empty>
        }
      >
        <Table label={t('merchant.part.history')} columns={columns} rows={pages.items ?? []} rowKey={(p) => p.id} />
      </Paged>
    </Card>
  );
}

function Status({ p }: { p: ProvisioningSummary }) {
  const look = lookOfStatus(p.status, p.halted);
  return (
    <span className={styles.status}>
      <Badge tone={look.tone} icon={look.icon}>
        {look.text}
      </Badge>
      {p.error && <span className={styles.cause}>{p.error.title}</span>}
    </span>
  );
}

const KINDS = { activation: 'history.activation', publication: 'history.publication' } as const;

/** A kind that a newer server knows is shown by its own name. */
function kindOf(kind: string): string {
  return kind in KINDS ? t(KINDS[kind as keyof typeof KINDS]) : kind;
}

function took(p: ProvisioningSummary): string {
  if (!p.completed_at || !p.started_at) return '–';
  return duration(Date.parse(p.completed_at) - Date.parse(p.started_at));
}
