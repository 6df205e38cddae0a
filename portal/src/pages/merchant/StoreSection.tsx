import { Fragment, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { Check, ChecklistItem, Deployment, StoreView, Task } from '../../data';
import { cycle, lookOfStatus, money, sayLimits } from '../../provisioning';
import { LinkButton } from '../../shell/LinkButton';
import { t } from '../../texts';
import { ago, Badge, Card, Icon, moment, Notice, Progress } from '../../ui';
import { actorName, linesOf, lookOfStore, lookOfTask, short } from './facts';
import type { SectionProps } from './section';
import { placeOf } from './sections';
import styles from './StoreSection.module.css';

/** What the store is, where it answers, and what is yet to do. */
export function StoreSection({ store }: SectionProps) {
  return (
    <div className={styles.page}>
      <Unfinished store={store} />
      <div className={styles.columns}>
        <div className={styles.column}>
          <Website store={store} />
          <Tasks tasks={store.tasks} />
          <Receipt checks={store.receipt} />
        </div>
        <div className={styles.column}>
          <Plan store={store} />
          <Checklist items={store.checklist} />
        </div>
      </div>
    </div>
  );
}

function Unfinished({ store }: { store: StoreView }) {
  const p = store.provisioning;
  if (!p || p.status === 'COMPLETED' || p.status === 'ROLLED_BACK') return null;
  const look = lookOfStatus(p.status, p.halted);
  const bad = p.status === 'FAILED' || p.halted;
  return (
    <Notice
      tone={bad ? 'danger' : 'info'}
      title={p.error?.title ?? `${look.text}, ${p.completion_percent} %`}
      actions={<LinkButton to={`/provisionings/${encodeURIComponent(p.id)}`}>{t(bad ? 'merchants.seeWhy' : 'merchants.watch')}</LinkButton>}
    >
      {p.error?.action ?? t('merchant.beingMade')}
    </Notice>
  );
}

function Website({ store }: { store: StoreView }) {
  const look = lookOfStore(store.status);
  return (
    <Card
      title={t('website.title')}
      actions={
        <Badge tone={look.tone} icon={look.icon}>
          {look.text}
        </Badge>
      }
    >
      <dl className={styles.facts}>
        <Fact name={t('outcome.address')}>
          <a href={store.website} target="_blank" rel="noopener">
            {store.website.replace(/^https?:\/\//, '').replace(/\/$/, '')}
          </a>
        </Fact>
        <Fact name={t('website.dashboard')}>
          <a href={store.dashboard} target="_blank" rel="noopener">
            {t('website.dashboard.open')}
          </a>
        </Fact>
        <Fact name={t('website.host')}>
          <code>{store.deployment?.hostname ?? store.hostname}</code>
        </Fact>
        <Fact name={t('outcome.theme')}>
          {store.theme.slug} {store.theme.version}
        </Fact>
        <Release store={store} />
        <Fact name={t('website.since')}>{moment(store.created_at)}</Fact>
        <Fact name={t('website.live')}>{store.live_at ? moment(store.live_at) : t('website.notLive')}</Fact>
        <OtherAddresses deployment={store.deployment} website={store.website} dashboard={store.dashboard} />
        <Facts name={t('website.ssl')} facts={store.deployment?.ssl ?? null} none={t('website.ssl.none')} />
        <Facts name={t('website.dns')} facts={store.deployment?.dns ?? null} none={t('website.dns.none')} />
      </dl>
      {store.sample && (
        <p className={styles.sample}>
          <Icon name="tag" />
          {t('website.sample')}
        </p>
      )}
    </Card>
  );
}

function Release({ store }: { store: StoreView }) {
  const { deployment } = store;
  if (!deployment?.live) return <Fact name={t('website.release')}>{t('website.noRelease')}</Fact>;
  return (
    <Fact name={t('website.release')}>
      <Link to={placeOf(store.merchant_id, 'releases', store.store_id)}>
        <code>{short(deployment.live)}</code>
      </Link>
      {deployment.released_at && (
        <span className={styles.below} title={moment(deployment.released_at)}>
          {t('website.releasedBy', { when: ago(deployment.released_at), who: actorName(deployment.actor) })}
        </span>
      )}
    </Fact>
  );
}

/** Those that were not said yet. */
function OtherAddresses({ deployment, ...said }: { deployment: Deployment | null; website: string; dashboard: string }) {
  const known = Object.values(said).map((one) => one.replace(/\/$/, ''));
  return Object.entries(deployment?.addresses ?? {})
    .filter(([, address]) => !known.includes(address.replace(/\/$/, '')))
    .map(([name, address]) => (
      <Fact key={name} name={name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')}>
        <a href={address} target="_blank" rel="noopener">
          {address.replace(/^https?:\/\//, '').replace(/\/$/, '')}
        </a>
      </Fact>
    ));
}

function Facts({ name, facts, none }: { name: string; facts: Record<string, unknown> | null; none: string }) {
  if (facts === null || Object.keys(facts).length === 0) {
    return (
      <Fact name={name}>
        <span className={styles.muted}>{none}</span>
      </Fact>
    );
  }
  return (
    <Fact name={name}>
      {linesOf(facts).map((line) => (
        <span key={line.name} className={styles.line}>
          {line.name}: {line.value}
        </span>
      ))}
    </Fact>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Plan({ store }: { store: StoreView }) {
  const { plan } = store;
  return (
    <Card
      title={t('outcome.plan')}
      actions={
        <LinkButton size="small" to={placeOf(store.merchant_id, 'plan', store.store_id)}>
          {t('ui.change')}
        </LinkButton>
      }
    >
      <p className={styles.plan}>
        <strong>{plan.name ?? plan.slug ?? '–'}</strong>
        {plan.price !== undefined && plan.currency && (
          <span>
            {money(plan.price, plan.currency)} <span className={styles.muted}>{cycle(plan.billing_cycle)}</span>
          </span>
        )}
      </p>
      {plan.limits && (
        <ul className={styles.limits}>
          {sayLimits(plan.limits).map((line) => (
            <li key={line}>
              <Icon name="check" />
              {line}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Checklist({ items }: { items: readonly ChecklistItem[] }) {
  if (items.length === 0) return null;
  const done = items.filter((item) => item.done).length;
  return (
    <Card title={t('checklist.title')}>
      <div className={styles.progress}>
        <Progress value={Math.round((done / items.length) * 100)} label={t('checklist.title')} tone={done === items.length ? 'success' : 'accent'} />
        <span className={styles.muted}>{t('checklist.done', { done, all: items.length })}</span>
      </div>
      <ul className={styles.list}>
        {items.map((item) => (
          <li key={item.name} className={item.done ? styles.done : undefined}>
            {item.done ? <Icon name="check" label={t('checklist.isDone')} /> : <span className={styles.circle} role="img" aria-label={t('checklist.isOpen')} />}
            <span>
              {item.title}
              {!item.done && <span className={styles.below}>{item.why}</span>}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Tasks({ tasks }: { tasks: readonly Task[] }) {
  return (
    <Card title={t('tasks.title')}>
      {tasks.length === 0 ? (
        <p className={styles.muted}>{t('tasks.none')}</p>
      ) : (
        <ul className={styles.tasks}>
          {tasks.map((task) => {
            const look = lookOfTask(task.status);
            return (
              <li key={task.name}>
                <span className={styles.taskHead}>
                  <strong>{task.title}</strong>
                  <Badge tone={look.tone} icon={look.icon}>
                    {look.text}
                  </Badge>
                </span>
                <span>{task.why}</span>
                {task.status !== 'DONE' && <span className={styles.muted}>{t('tasks.next', { next: task.next })}</span>}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

const CHECKS = {
  website: 'receipt.website',
  assets: 'receipt.assets',
  product: 'receipt.product',
  dashboard: 'receipt.dashboard',
  account: 'receipt.account',
  membership: 'receipt.membership',
} as const;

function Receipt({ checks }: { checks: readonly Check[] }) {
  if (checks.length === 0) return null;
  return (
    <Card title={t('receipt.title')}>
      <dl className={styles.receipt}>
        {checks.map((check) => (
          <Fragment key={check.check}>
            <dt>
              <Icon name={check.ok ? 'check' : 'close'} label={t(check.ok ? 'receipt.ok' : 'receipt.bad')} className={check.ok ? styles.good : styles.bad} />
              {check.check in CHECKS ? t(CHECKS[check.check as keyof typeof CHECKS]) : check.check}
            </dt>
            <dd>{check.evidence}</dd>
          </Fragment>
        ))}
      </dl>
    </Card>
  );
}

