import { useCallback } from 'react';
import { Link } from 'react-router';
import { useCanAct, useLoaded, useSource, type DeadLetter } from '../../data';
import { Refusal } from '../../provisioning/Refusal';
import { t } from '../../texts';
import { Button, Dialog, moment, Notice, Spinner } from '../../ui';
import { sayStep } from '../lists/sayStep';
import { LetterState } from './LetterState';
import styles from './LetterDialog.module.css';

interface LetterDialogProps {
  id: string;
  onClose(): void;
  onAsk(letter: DeadLetter, deed: 'replay' | 'close'): void;
}

/** One dead letter with what can be done. */
export function LetterDialog({ id, onClose, onAsk }: LetterDialogProps) {
  const { platform } = useSource();
  const canAct = useCanAct();
  const load = useCallback(() => platform.letter(id), [platform, id]);
  const { value: letter, error } = useLoaded(load);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={letter?.title ?? t('letters.one')}
      footer={
        letter?.status === 'OPEN' && canAct ? (
          <>
            <Button icon="check" onClick={() => onAsk(letter, 'close')}>
              {t('letters.close')}
            </Button>
            {letter.replayable && (
              <Button kind="primary" icon="refresh" onClick={() => onAsk(letter, 'replay')}>
                {t('letters.replay')}
              </Button>
            )}
          </>
        ) : undefined
      }
    >
      {error && <Refusal error={error} />}
      {!letter && !error && <Spinner label={t('ui.loading')} />}
      {letter && <Facts letter={letter} />}
    </Dialog>
  );
}

function Facts({ letter }: { letter: DeadLetter }) {
  return (
    <div className={styles.body}>
      {letter.status === 'OPEN' && (
        <Notice tone="info" title={t('letters.action')}>
          {letter.action}
        </Notice>
      )}
      <dl className={styles.facts}>
        <dt>{t('letters.status')}</dt>
        <dd>
          <LetterState status={letter.status} />
        </dd>
        <dt>{t('letters.code')}</dt>
        <dd>
          <code>{letter.code}</code>
        </dd>
        {letter.provisioning_id && (
          <>
            <dt>{t('letters.provisioning')}</dt>
            <dd>
              <Link to={`/provisionings/${encodeURIComponent(letter.provisioning_id)}`}>{letter.provisioning_id}</Link>
            </dd>
          </>
        )}
        {letter.step && (
          <>
            <dt>{t('letters.step')}</dt>
            <dd>{sayStep(letter.step)}</dd>
          </>
        )}
        <dt>{t('letters.filed')}</dt>
        <dd>{moment(letter.filed_at)}</dd>
        {letter.closed_at && (
          <>
            <dt>{t('letters.closedAt')}</dt>
            <dd>
              {moment(letter.closed_at)}
              {letter.closed_by && (
                <>
                  {' · '}
                  <code>{letter.closed_by}</code>
                </>
              )}
            </dd>
          </>
        )}
      </dl>
      {letter.status === 'OPEN' && !letter.replayable && <p className={styles.hint}>{t('letters.notReplayable')}</p>}
    </div>
  );
}
