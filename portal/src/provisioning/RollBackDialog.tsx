import { useCallback, useState } from 'react';
import { useLoaded, useSource, type Provisioning } from '../data';
import { t } from '../texts';
import { Button, Dialog, Icon, Spinner, TextField } from '../ui';
import { Refusal } from './Refusal';
import styles from './RollBackDialog.module.css';
import type { UseProvisioning } from './useProvisioning';

interface RollBackDialogProps {
  live: UseProvisioning;
  p: Provisioning;
  onClose(): void;
}

/** Says what will be undone before it is. A finished store's address has to be typed. */
export function RollBackDialog({ live, p, onClose }: RollBackDialogProps) {
  const source = useSource();
  const load = useCallback(() => source.undo(p.id), [source, p.id]);
  const { value: undo, error } = useLoaded(load);
  const [typed, setTyped] = useState('');
  const asks = undo?.needs_confirmation ?? p.status === 'COMPLETED';
  const ready = !asks || (typed !== '' && typed === p.subdomain);
  const busy = live.pending === 'rollBack';

  const rollBack = async () => {
    if (ready && (await live.rollBack(asks ? typed : null))) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      busy={busy}
      title={t('rollBack.title', { store: p.store_name ?? p.id })}
      footer={
        <>
          <Button disabled={busy} onClick={onClose}>
            {t('ui.cancel')}
          </Button>
          <Button kind="danger" icon="undo" busy={busy} disabled={!ready} onClick={() => void rollBack()}>
            {t('action.rollBack')}
          </Button>
        </>
      }
    >
      <form
        className={styles.body}
        onSubmit={(event) => {
          event.preventDefault();
          void rollBack();
        }}
      >
        <p>{t('rollBack.text')}</p>
        {!undo && !error && <Spinner label={t('ui.loading')} />}
        {error && <Refusal error={error} />}
        {undo && undo.steps.length > 0 && (
          <ul className={styles.list}>
            {undo.steps.map((step) => (
              <li key={step.step}>
                <Icon name="undo" />
                <span>
                  <strong>{step.title}</strong>
                  <span className={styles.what}>{step.what}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
        {undo && undo.steps.length === 0 && <p>{t('rollBack.nothing')}</p>}
        {asks && (
          <TextField
            label={t('rollBack.confirm', { subdomain: p.subdomain ?? '' })}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        {live.failure && <Refusal error={live.failure} />}
      </form>
    </Dialog>
  );
}
