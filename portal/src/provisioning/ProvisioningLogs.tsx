import { useEffect, useRef, useState } from 'react';
import type { LogEntry, Provisioning, ProvisioningTarget } from '../data';
import { n, t } from '../texts';
import { Button, clock, Icon, useToast } from '../ui';
import styles from './ProvisioningLogs.module.css';
import { useProvisioning, type UseProvisioningOptions } from './useProvisioning';

export interface ProvisioningLogsProps extends UseProvisioningOptions {
  storeId: string | ProvisioningTarget;
}

/** The log of a store's newest provisioning, live. Closed until one asks, or until something goes wrong. */
export function ProvisioningLogs({ storeId, ...options }: ProvisioningLogsProps) {
  const { provisioning } = useProvisioning(storeId, options);
  return provisioning && <LogList p={provisioning} />;
}

/** The server keeps the last hundred lines, and each arrival brings all of them: none can be lost or come twice. */
export function LogList({ p }: { p: Provisioning }) {
  const wrong = p.error !== null;
  const [open, setOpen] = useState(wrong);
  const [opened, setOpened] = useState(wrong);
  // Opens itself when something goes wrong, once: who closes it then wants it closed.
  if (wrong !== opened) {
    setOpened(wrong);
    if (wrong) setOpen(true);
  }
  return (
    <details className={styles.logs} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className={styles.summary}>
        <Icon name="chevronRight" />
        <span className={styles.title}>{t('log.title')}</span>
        <span className={styles.count}>{n('log.lines', p.log.length)}</span>
      </summary>
      {open && <Lines p={p} />}
    </details>
  );
}

function Lines({ p }: { p: Provisioning }) {
  const box = useRef<HTMLOListElement>(null);
  const follows = useRef(true);
  const titles = new Map(p.steps.map((step) => [step.name, step.title]));
  const last = p.log.at(-1)?.at;

  // Stays at the end, unless somebody has scrolled up to read.
  useEffect(() => {
    const list = box.current;
    if (list && follows.current) list.scrollTop = list.scrollHeight;
  }, [last, p.log.length]);

  if (p.log.length === 0) return <p className={styles.none}>{t('log.none')}</p>;
  return (
    <>
      <ol
        ref={box}
        className={styles.lines}
        tabIndex={0}
        aria-label={t('log.title')}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          follows.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {p.log.map((entry, index) => (
          <Line key={`${entry.at} ${index}`} entry={entry} title={entry.step ? (titles.get(entry.step) ?? entry.step) : null} />
        ))}
      </ol>
      <CopyLines p={p} />
    </>
  );
}

function Line({ entry, title }: { entry: LogEntry; title: string | null }) {
  return (
    <li className={styles[entry.level]}>
      <time dateTime={entry.at}>{clock(entry.at)}</time>
      <span className={styles.message}>
        {entry.level !== 'info' && <Icon name="alert" label={t(entry.level === 'error' ? 'log.error' : 'log.warning')} />}
        {title && <span className={styles.step}>{title}: </span>}
        {entry.message}
      </span>
    </li>
  );
}

function CopyLines({ p }: { p: Provisioning }) {
  const toast = useToast();
  const text = () => p.log.map((entry) => [entry.at, entry.level, entry.step ?? '-', entry.message].join('\t')).join('\n');
  return (
    <div className={styles.foot}>
      <Button kind="quiet" size="small" icon="copy" onClick={() => void navigator.clipboard.writeText(text()).then(() => toast(t('log.copied')))}>
        {t('log.copy')}
      </Button>
    </div>
  );
}
