import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { isOver, useSource, type ActivationRequest, type Durations, type Provisioning, type ProvisioningTarget } from '../data';
import { t } from '../texts';
import { Badge, Button, Card, clock, duration, Empty, Notice, Progress, Spinner, unseen, useNow } from '../ui';
import { Actions } from './Actions';
import { MerchantActivationModal } from './MerchantActivationModal';
import { Outcome } from './Outcome';
import { ProblemNotice } from './ProblemNotice';
import { LogList } from './ProvisioningLogs';
import styles from './ProvisioningStatus.module.css';
import { isMoving, outlook, stepsDone, stepStates, totalElapsed } from './state';
import { StepList } from './StepList';
import { useDurations } from './useDurations';
import { useProvisioning, type UseProvisioning } from './useProvisioning';
import { lookOfStatus } from './words';

export interface ProvisioningStatusProps {
  /** The store, of which the newest provisioning is shown; or one provisioning. */
  storeId: string | ProvisioningTarget;
  /** Follow it as it changes (the default), or look once. */
  autoRefresh?: boolean;
  /** Milliseconds between two looks where nothing can be pushed. */
  refreshInterval?: number;
  /** Shown while the store has no provisioning. */
  empty?: ReactNode;
  /** A new request with the same answers was made ("Start over"). */
  onStartedOver?(started: { provisioning_id: string; store_id: string }): void;
}

/** All that there is to know of a provisioning, live: progress, steps, why it stands still and what to do, what came of it, log. */
export function ProvisioningStatus({ storeId, autoRefresh = true, refreshInterval, empty, onStartedOver }: ProvisioningStatusProps) {
  const live = useProvisioning(storeId, { autoRefresh, refreshInterval });
  if (live.error) return <Unavailable live={live} />;
  if (live.loading) return <Loading live={live} />;
  if (live.provisioning === null) {
    return (
      <>
        <Disconnected live={live} />
        {empty ?? <Empty icon="store" title={t('provisioning.none.title')}>{t('provisioning.none.text')}</Empty>}
      </>
    );
  }
  return <Shown live={live} p={live.provisioning} following={autoRefresh} onStartedOver={onStartedOver} />;
}

interface ShownProps {
  live: UseProvisioning;
  p: Provisioning;
  following: boolean;
  onStartedOver: ProvisioningStatusProps['onStartedOver'];
}

function Shown({ live, p, following, onStartedOver }: ShownProps) {
  const durations = useDurations(p.status === 'PENDING' || p.status === 'IN_PROGRESS');
  const now = useNow(isMoving(p), 500) - live.clockAhead;
  const steps = stepStates(p, durations, now);
  const again = useStartOver(p, live);
  return (
    <div className={styles.status}>
      <Disconnected live={live} />
      <Card>
        <Header live={live} p={p} now={now} following={following} />
        <Ahead p={p} durations={durations} now={now} />
        {p.error && <ProblemNotice problem={p.error} steps={p.steps} halted={p.halted} />}
        <Actions live={live} p={p} onStartOver={again.begin} starting={again.loading} />
      </Card>
      {p.status === 'COMPLETED' && <Outcome p={p} />}
      <Card title={t('provisioning.steps')}>
        <StepList steps={steps} />
      </Card>
      <LogList p={p} />
      {again.answers && (
        <MerchantActivationModal
          open
          onOpenChange={again.close}
          storeId={again.answers.store_id}
          storeName={again.answers.store_name}
          merchantId={p.merchant_id ?? undefined}
          initial={again.answers}
          onSuccess={(started) => {
            live.refresh();
            if (!onStartedOver) return;
            // What comes of it is shown where that leads.
            again.close();
            onStartedOver(started);
          }}
        />
      )}
      <Spoken p={p} />
    </div>
  );
}

function Header({ live, p, now, following }: { live: UseProvisioning; p: Provisioning; now: number; following: boolean }) {
  const look = lookOfStatus(p.status, p.halted);
  const total = totalElapsed(p, now);
  return (
    <div className={styles.header}>
      <div className={styles.row}>
        <span className={styles.badges}>
          <Badge tone={look.tone} icon={look.icon}>
            {look.text}
          </Badge>
          {following && !isOver(p) && live.connection !== 'offline' && <Freshness live={live} />}
        </span>
        <span className={styles.total}>{total !== null && t(isMoving(p) ? 'provisioning.running' : 'provisioning.took', { time: duration(total) })}</span>
      </div>
      <div className={styles.figures}>
        <span className={styles.percent}>
          {p.completion_percent}
          <small> %</small>
        </span>
        <span className={styles.count}>{t('provisioning.stepsDone', { done: stepsDone(p), all: p.steps.length })}</span>
      </div>
      <Progress value={p.completion_percent} label={t('provisioning.progress')} tone={toneOf(p)} />
    </div>
  );
}

function toneOf(p: Provisioning): 'accent' | 'success' | 'danger' | 'warning' {
  if (p.status === 'COMPLETED') return 'success';
  if (p.status === 'FAILED' || p.halted) return 'danger';
  return p.status === 'ROLLBACK' || p.status === 'ROLLED_BACK' ? 'warning' : 'accent';
}

function Ahead({ p, durations, now }: { p: Provisioning; durations: Durations | null; now: number }) {
  const { left, slow } = outlook(p, durations, now);
  if (slow) {
    return (
      <Notice tone="warning" icon="clock" title={t('provisioning.slow.title')}>
        {t('provisioning.slow.text')}
      </Notice>
    );
  }
  if (!isMoving(p) || p.status === 'ROLLBACK' || left === null) return null;
  return <p className={styles.left}>{left < 1_000 ? t('provisioning.almost') : t('provisioning.left', { time: duration(left) })}</p>;
}

function Freshness({ live }: { live: UseProvisioning }) {
  const text = { live: t('connection.live'), polling: t('connection.polling'), connecting: t('connection.connecting'), offline: '' }[live.connection];
  return (
    <span className={`${styles.fresh} ${styles[live.connection]}`}>
      <span className={styles.pulse} aria-hidden="true" />
      {text}
    </span>
  );
}

/** What is shown may be old: says so, and of when it is. */
function Disconnected({ live }: { live: UseProvisioning }) {
  if (live.connection !== 'offline' || live.error) return null;
  return (
    <Notice
      tone="warning"
      icon="wifiOff"
      urgent
      title={t('connection.offline.title')}
      actions={
        <Button size="small" icon="refresh" onClick={live.refresh}>
          {t('connection.tryNow')}
        </Button>
      }
    >
      {live.heardAt === null ? t('connection.offline.nothing') : t('connection.offline.text', { time: clock(new Date(live.heardAt).toISOString()) })}
    </Notice>
  );
}

function Unavailable({ live }: { live: UseProvisioning }) {
  const text = live.error?.status === 404 ? t('provisioning.unknown') : (live.error?.message ?? '');
  return (
    <Notice tone="danger" urgent title={t('provisioning.unavailable')}>
      {text}
    </Notice>
  );
}

function Loading({ live }: { live: UseProvisioning }) {
  if (live.connection === 'offline') return <Disconnected live={live} />;
  return (
    <div className={styles.loading}>
      <Spinner size="large" label={t('ui.loading')} />
    </div>
  );
}

/** Tells screen readers what changed: the state and each step, never each second. */
function Spoken({ p }: { p: Provisioning }) {
  const step = p.steps.find((one) => one.name === p.current_step);
  const text = [lookOfStatus(p.status, p.halted).text, isMoving(p) && step?.title].filter(Boolean).join(': ');
  const first = useRef(text);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (text !== first.current) setSaid(text);
    first.current = text;
  }, [text]);
  return (
    <p className={unseen} role="status">
      {said}
    </p>
  );
}

/** "Start over": the same answers again in the form, as a new request. */
function useStartOver(p: Provisioning, live: UseProvisioning) {
  const source = useSource();
  const [answers, setAnswers] = useState<ActivationRequest | null>(null);
  const [loading, setLoading] = useState(false);
  const waits = useRef(false);

  const load = useCallback(async () => {
    setLoading(true);
    const known = await source.activationRequest(p.id).catch(() => null);
    setLoading(false);
    setAnswers(known ?? guess(p));
  }, [source, p]);

  // One that made something is undone first; the form opens once that is done.
  useEffect(() => {
    if (waits.current && p.status === 'ROLLED_BACK') {
      waits.current = false;
      void load();
    }
  }, [p.status, load]);

  const begin = async () => {
    if (p.status === 'FAILED' && p.error?.step) {
      waits.current = true;
      if (!(await live.rollBack())) waits.current = false;
      return;
    }
    await load();
  };
  return { answers, loading, begin: () => void begin(), close: () => setAnswers(null) };
}

/** What is known of an old request from its progress alone. */
function guess(p: Provisioning): ActivationRequest {
  return {
    store_id: p.store_id ?? p.id,
    store_name: p.store_name ?? '',
    owner_email: '',
    theme: '',
    plan: '',
    subdomain: p.subdomain ?? '',
    custom_domain: null,
    category: 'general',
    integrations: { stripe: false, paypal: false, meta_ads: false, analytics: false },
    launch: 'after_onboarding',
  };
}
