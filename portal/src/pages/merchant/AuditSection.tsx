import { useCallback, useRef } from 'react';
import { useSource, type AuditEntry, type Page } from '../../data';
import { t } from '../../texts';
import { Card, Empty, moment, Table, type Column } from '../../ui';
import { sayAction, sayDetail } from '../auditLog/entries';
import { extend, merge, subjectsOf, type Trail } from './auditTrail';
import { actorName } from './facts';
import styles from './HistorySection.module.css';
import { Paged } from './Paged';
import type { SectionProps } from './section';
import { usePages } from './usePages';

/** Whose page this is. */
const ITS_OWN = ['merchant_id', 'store_id'];

/** Who did what to this store and its merchant. */
export default function AuditSection({ store }: SectionProps) {
  const { stores } = useSource();
  const trails = useRef(new Map<string, Trail>());
  const shown = useRef(0);
  const { store_id, merchant_id } = store;
  const provisioning = store.provisioning?.id;
  const load = useCallback(
    async (cursor: string | undefined): Promise<Page<AuditEntry>> => {
      if (cursor === undefined) {
        trails.current = new Map();
        shown.current = 0;
      }
      const known = await stores.themes(store_id).catch(() => []);
      const named = { store_id, merchant_id, provisioning: provisioning ? { id: provisioning } : null };
      const wanted = subjectsOf(named, known.filter((one) => one.revision > 0).map((one) => one.slug));
      await Promise.all(
        wanted.map(async (subject) => {
          const trail = trails.current.get(subject);
          if (trail?.next === null) return;
          trails.current.set(subject, extend(trail, await stores.auditLog(subject, { cursor: trail?.next ?? undefined, limit: 50 })));
        }),
      );
      const all = [...trails.current.values()];
      const merged = merge(all);
      const items = merged.slice(shown.current);
      shown.current = merged.length;
      return { items, next_cursor: all.some((trail) => trail.next !== null) ? 'more' : null };
    },
    [stores, store_id, merchant_id, provisioning],
  );
  const pages = usePages<AuditEntry>(load);
  const columns: Column<AuditEntry>[] = [
    {
      key: 'deed',
      title: t('audit.what'),
      phone: 'heading',
      cell: (entry) => (
        <span className={styles.status}>
          <span className={styles.deed}>{sayAction(entry.action)}</span>
          <Facts entry={entry} />
        </span>
      ),
    },
    { key: 'who', title: t('audit.actor'), cell: (entry) => <span className={styles.muted} title={entry.actor}>{actorName(entry.actor)}</span> },
    {
      key: 'when',
      title: t('audit.at'),
      cell: (entry) => (
        <time className={styles.muted} dateTime={entry.at}>
          {moment(entry.at)}
        </time>
      ),
    },
  ];
  return (
    <Card flush title={t('merchant.part.audit')}>
      <Paged
        {...pages}
        empty={
          <Empty icon="info" title={t('audit.none.title')}>
            {t('audit.none.text')}
          </Empty>
        }
      >
        <Table label={t('merchant.part.audit')} columns={columns} rows={pages.items ?? []} rowKey={(entry) => entry.id} />
      </Paged>
    </Card>
  );
}

function Facts({ entry }: { entry: AuditEntry }) {
  const facts = sayDetail(entry.detail, ITS_OWN);
  return facts && <span className={styles.muted}>{facts}</span>;
}
