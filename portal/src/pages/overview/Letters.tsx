import { useState } from 'react';
import { Link } from 'react-router';
import { asDataError, useCanAct, useSource, type DeadLetter, type Overview } from '../../data';
import { LinkButton } from '../../shell/LinkButton';
import { t } from '../../texts';
import { Button, Card, Table, useToast, type Column } from '../../ui';
import { Ago, Name, RowActions } from '../lists/Cells';
import { Fine } from './Fine';

/** The newest dead letters, to be tried again on the spot. */
export function Letters({ letters, refresh }: { letters: Overview['dead_letters']; refresh(): void }) {
  const { platform } = useSource();
  const canAct = useCanAct();
  const toast = useToast();
  const [busy, setBusy] = useState<string | null>(null);

  const replay = async (letter: DeadLetter) => {
    setBusy(letter.id);
    try {
      await platform.replayLetter(letter.id);
      toast(t('letters.replayed'));
    } catch (thrown) {
      toast(asDataError(thrown).message, 'danger');
    }
    setBusy(null);
    refresh();
  };
  const columns: Column<DeadLetter>[] = [
    {
      key: 'title',
      title: t('letters.what'),
      phone: 'heading',
      cell: (one) => <Name name={<Link to={`/dead-letters?letter=${encodeURIComponent(one.id)}`}>{one.title}</Link>} more={<Ago time={one.filed_at} />} />,
    },
    {
      key: 'actions',
      title: t('lists.actions'),
      align: 'right',
      cell: (one) =>
        canAct &&
        one.replayable && (
          <RowActions>
            <Button size="small" icon="refresh" busy={busy === one.id} aria-label={t('letters.replayOne', { title: one.title })} onClick={() => void replay(one)}>
              {t('letters.replay')}
            </Button>
          </RowActions>
        ),
    },
  ];
  return (
    <Card title={t('letters.title')} flush actions={letters.open > 0 && <LinkButton kind="quiet" size="small" iconAfter="arrowRight" to="/dead-letters">{t('overview.all')}</LinkButton>}>
      {letters.newest.length > 0 ? <Table label={t('letters.title')} columns={columns} rows={letters.newest} rowKey={(one) => one.id} /> : <Fine>{t('letters.noneOpen.text')}</Fine>}
    </Card>
  );
}
