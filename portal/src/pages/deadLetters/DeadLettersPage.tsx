import { useState } from 'react';
import { useCanAct, useSource, useWatched, LETTER_STATUSES, type DeadLetter, type LetterQuery, type Page } from '../../data';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Button, Card, Pager, Table, Tabs, useToast, type Column } from '../../ui';
import { Ago, LiveMark, Name, RowActions } from '../lists/Cells';
import { Listed } from '../lists/Listed';
import lists from '../lists/lists.module.css';
import { oneOf, useListAddress } from '../lists/useListAddress';
import { sayStep } from '../lists/sayStep';
import { LetterDialog } from './LetterDialog';
import { LetterState } from './LetterState';

const VIEWS = [...LETTER_STATUSES, 'ALL'] as const;
type View = (typeof VIEWS)[number];

export function Component() {
  const address = useListAddress();
  const view: View = oneOf(VIEWS, address.get('status')) ?? 'OPEN';
  const query: LetterQuery = { status: view, cursor: address.cursor, limit: 25 };
  const found = useWatched<Page<DeadLetter>>(JSON.stringify(query), (source, watcher) => source.platform.watchLetters(query, watcher));
  // The end of one list is no place to go on from in another.
  const further = found.current ? found.value?.next_cursor : null;
  const shown = address.get('letter');
  const [asked, setAsked] = useState<{ letter: DeadLetter; deed: 'replay' | 'close' } | null>(null);
  const canAct = useCanAct();
  const show = (id: string | undefined) => address.set({ letter: id });

  const columns: Column<DeadLetter>[] = [
    { key: 'title', title: t('letters.what'), phone: 'heading', cell: (one) => <Name name={one.title} more={one.step ? `${sayStep(one.step)} · ${one.code}` : one.code} /> },
    { key: 'status', title: t('letters.status'), cell: (one) => <LetterState status={one.status} /> },
    { key: 'filed', title: t('letters.filed'), cell: (one) => <Ago time={one.filed_at} /> },
    {
      key: 'actions',
      title: t('lists.actions'),
      align: 'right',
      cell: (one) => (
        <RowActions>
          {canAct && one.replayable && (
            <Button size="small" icon="refresh" aria-label={t('letters.replayOne', { title: one.title })} onClick={() => setAsked({ letter: one, deed: 'replay' })}>
              {t('letters.replay')}
            </Button>
          )}
          <Button size="small" aria-label={t('letters.showOne', { title: one.title })} onClick={() => show(one.id)}>
            {t('letters.show')}
          </Button>
        </RowActions>
      ),
    },
  ];
  return (
    <>
      <PageHeader title={t('letters.title')} text={t('letters.text')} />
      <Card flush>
        <div className={lists.tools}>
          <Tabs<View>
            label={t('letters.filter')}
            value={view}
            onChange={(chosen) => address.set({ status: chosen === 'OPEN' ? undefined : chosen.toLowerCase() })}
            tabs={VIEWS.map((value) => ({ value, label: t(`letters.${value}`) }))}
          />
          <LiveMark connection={found.connection} />
        </div>
        <Listed
          value={found.value}
          current={found.current}
          error={found.error}
          connection={found.connection}
          again={found.refresh}
          empty={view === 'OPEN' ? { title: t('letters.noneOpen'), text: t('letters.noneOpen.text') } : { icon: 'mail', title: t('letters.none'), text: t('letters.none.text') }}
        >
          {(items) => <Table label={t('letters.title')} columns={columns} rows={items} rowKey={(one) => one.id} />}
        </Listed>
        <Pager page={address.page} hasNext={Boolean(further)} onPrevious={address.previous} onNext={() => further && address.next(further)} />
      </Card>
      {shown && !asked && <LetterDialog key={shown} id={shown} onClose={() => show(undefined)} onAsk={(letter, deed) => setAsked({ letter, deed })} />}
      {asked && (
        <Deed
          {...asked}
          onClose={() => setAsked(null)}
          onDone={() => {
            show(undefined);
            found.refresh();
          }}
        />
      )}
    </>
  );
}

interface DeedProps {
  letter: DeadLetter;
  deed: 'replay' | 'close';
  onClose(): void;
  onDone(): void;
}

/** Asks before a letter is tried again or closed. */
function Deed({ letter, deed, onClose, onDone }: DeedProps) {
  const { platform } = useSource();
  const toast = useToast();
  const replays = deed === 'replay';
  return (
    <ConfirmDialog
      title={t(replays ? 'letters.replay.title' : 'letters.close.title')}
      action={t(replays ? 'letters.replay' : 'letters.close')}
      icon={replays ? 'refresh' : 'check'}
      kind="primary"
      onClose={onClose}
      onConfirm={async () => {
        await (replays ? platform.replayLetter(letter.id) : platform.closeLetter(letter.id));
        toast(t(replays ? 'letters.replayed' : 'letters.closed'));
        onDone();
      }}
    >
      <p>
        <strong>{letter.title}</strong>
      </p>
      <p>{t(replays ? 'letters.replay.text' : 'letters.close.text')}</p>
    </ConfirmDialog>
  );
}
