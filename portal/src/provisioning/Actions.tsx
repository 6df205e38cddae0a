import { useState } from 'react';
import { useSource, type Provisioning } from '../data';
import { t } from '../texts';
import { Button, useToast } from '../ui';
import styles from './Actions.module.css';
import { RollBackDialog } from './RollBackDialog';
import type { UseProvisioning } from './useProvisioning';
import { Refusal } from './Refusal';

interface ActionsProps {
  live: UseProvisioning;
  p: Provisioning;
  onStartOver(): void;
  starting: boolean;
}

/** The buttons that apply. */
export function Actions({ live, p, onStartOver, starting }: ActionsProps) {
  const [rollingBack, setRollingBack] = useState(false);
  const toast = useToast();
  const offers = (action: (typeof live.actions)[number]) => live.actions.includes(action);
  return (
    <>
      <div className={styles.actions}>
        {offers('retry') && (
          <Button kind="primary" icon="refresh" busy={live.pending === 'retry'} onClick={() => void live.retry()}>
            {t('action.retry')}
          </Button>
        )}
        {offers('startOver') && (
          <Button
            kind={offers('retry') ? 'secondary' : 'primary'}
            icon="refresh"
            busy={starting}
            title={p.status === 'FAILED' && p.error?.step ? t('action.startOver.undoesFirst') : undefined}
            onClick={onStartOver}
          >
            {t('action.startOver')}
          </Button>
        )}
        {offers('resendWelcome') && (
          <Button
            icon="mail"
            busy={live.pending === 'resendWelcome'}
            onClick={() => void live.resendWelcome().then((sent) => sent && toast(t('action.resent')))}
          >
            {t('action.resendWelcome')}
          </Button>
        )}
        {offers('rollBack') && (
          <Button icon="undo" busy={live.pending === 'rollBack'} onClick={() => setRollingBack(true)}>
            {t(p.halted ? 'action.rollBackAgain' : 'action.rollBack')}
          </Button>
        )}
        {offers('supportBundle') && <CopyBundle p={p} />}
      </div>
      {live.failure && <Refusal error={live.failure} />}
      {rollingBack && <RollBackDialog live={live} p={p} onClose={() => setRollingBack(false)} />}
    </>
  );
}

function CopyBundle({ p }: { p: Provisioning }) {
  const source = useSource();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const copy = async () => {
    setBusy(true);
    try {
      await copyLater(source.supportBundle(p.id).then((bundle) => JSON.stringify(bundle, null, 2)));
      toast(t('action.copied'));
    } catch (thrown) {
      toast(t('action.notCopied', { why: thrown instanceof Error ? thrown.message : String(thrown) }), 'danger');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button kind="quiet" icon="copy" busy={busy} onClick={() => void copy()}>
      {t('action.supportBundle')}
    </Button>
  );
}

/** Safari lets a page write to the clipboard only within the click, though what is written may come later. */
async function copyLater(text: Promise<string>): Promise<void> {
  if (typeof ClipboardItem === 'undefined') return navigator.clipboard.writeText(await text);
  const blob = text.then((known) => new Blob([known], { type: 'text/plain' }));
  await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
}
