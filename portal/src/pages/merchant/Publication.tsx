import { useEffect, useRef, type ReactNode } from 'react';
import { isOver } from '../../data';
import { useProvisioning } from '../../provisioning';
import { LinkButton } from '../../shell/LinkButton';
import { t } from '../../texts';
import { Button, Notice, Progress } from '../../ui';
import styles from './Publication.module.css';

interface PublicationProps {
  provisioningId: string;
  /** While it is under way, and when it is done. */
  texts: { running: string; done: string };
  /** What can be done once it is done. */
  actions?: ReactNode;
  /** Called once, when it is over. */
  onOver(): void;
  onDismiss(): void;
}

/** A publication that was ordered, followed to its end. */
export function Publication({ provisioningId, texts, actions, onOver, onDismiss }: PublicationProps) {
  const { provisioning: p, error } = useProvisioning({ provisioningId });
  const over = p !== null && isOver(p);
  const told = useRef(false);
  const tell = useRef(onOver);
  useEffect(() => {
    tell.current = onOver;
  });
  useEffect(() => {
    if (!over || told.current) return;
    told.current = true;
    tell.current();
  }, [over]);
  const dismiss = (
    <Button size="small" onClick={onDismiss}>
      {t('ui.dismiss')}
    </Button>
  );
  const see = (
    <LinkButton size="small" to={`/provisionings/${encodeURIComponent(provisioningId)}`}>
      {t('publication.see')}
    </LinkButton>
  );
  if (error) {
    return (
      <Notice tone="danger" urgent title={t('publication.unknown')} actions={dismiss}>
        {error.message}
      </Notice>
    );
  }
  if (p && (p.status === 'FAILED' || p.halted || p.status === 'ROLLED_BACK')) {
    return (
      <Notice tone="danger" urgent title={p.error?.title ?? t('publication.failed')} actions={<>{see}{dismiss}</>}>
        {p.error?.action ?? p.error?.detail}
      </Notice>
    );
  }
  if (p?.status === 'COMPLETED') {
    return (
      <div role="status">
        <Notice tone="success" title={texts.done} actions={<>{actions}{dismiss}</>} />
      </div>
    );
  }
  return (
    <Notice tone="info" icon="clock" title={texts.running} actions={see}>
      <div className={styles.progress}>
        <Progress value={p?.completion_percent ?? 0} label={texts.running} />
      </div>
    </Notice>
  );
}
