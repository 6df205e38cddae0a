import { useCallback, useState } from 'react';
import { useCanAct, useLoaded, useSource, type Revision } from '../../data';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { t } from '../../texts';
import { Button, Card, moment, Table, useToast, type Column } from '../../ui';
import { countOwn } from './customisation';
import { actorName } from './facts';
import styles from './ThemeEditor.module.css';

/** What was published of the theme's settings; each can be made the draft again. */
export function Revisions({ storeId, slug, revision, onRestored }: { storeId: string; slug: string; revision: number; onRestored(): void }) {
  const { stores } = useSource();
  const canAct = useCanAct();
  const toast = useToast();
  // `revision` says that there is a new one.
  const load = useCallback(() => (revision > 0 ? stores.revisions(storeId, slug) : Promise.resolve([])), [stores, storeId, slug, revision]);
  const { value } = useLoaded(load);
  const [wanted, setWanted] = useState<Revision | null>(null);
  if (!value || value.length === 0) return null;
  const columns: Column<Revision>[] = [
    { key: 'number', title: t('revisions.number'), phone: 'heading', cell: (one) => <strong>{one.number}</strong> },
    { key: 'when', title: t('audit.at'), cell: (one) => <time className={styles.muted} dateTime={one.at}>{moment(one.at)}</time> },
    { key: 'who', title: t('audit.actor'), cell: (one) => <span className={styles.muted}>{actorName(one.by)}</span> },
    { key: 'own', title: t('revisions.own'), cell: (one) => <span className={styles.muted}>{t('themeEditor.own', { n: countOwn(one.customisation) })}</span> },
    {
      key: 'actions',
      title: t('merchants.actions'),
      align: 'right',
      cell: (one) =>
        canAct && (
          <Button size="small" icon="undo" aria-label={`${t('revisions.restore')}: ${one.number}`} onClick={() => setWanted(one)}>
            {t('revisions.restore')}
          </Button>
        ),
    },
  ];
  return (
    <Card flush title={t('revisions.title')}>
      <Table label={t('revisions.title')} columns={columns} rows={value} rowKey={(one) => String(one.number)} />
      {wanted && (
        <ConfirmDialog
          title={t('revisions.restore.title', { n: wanted.number })}
          action={t('revisions.restore')}
          onConfirm={async () => {
            await stores.restoreRevision(storeId, slug, wanted.number);
            toast(t('revisions.restored'));
            onRestored();
          }}
          onClose={() => setWanted(null)}
        >
          <p>{t('revisions.restore.text')}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}
