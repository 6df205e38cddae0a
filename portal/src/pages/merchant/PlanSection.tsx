import { useCallback, useState } from 'react';
import { useCanAct, useLoaded, useSource, type Plan } from '../../data';
import { cycle, money, sayLimits } from '../../provisioning';
import { ConfirmDialog } from '../../shell/ConfirmDialog';
import { Unavailable } from '../../shell/Unavailable';
import { t } from '../../texts';
import { Badge, Button, Icon, Spinner, useToast } from '../../ui';
import type { SectionProps } from './section';
import { changesBetween } from './planChange';
import styles from './PlanSection.module.css';

/** The plan that was sold, and those that can be chosen instead. */
export default function PlanSection({ store, refresh }: SectionProps) {
  const source = useSource();
  const canAct = useCanAct();
  const toast = useToast();
  const load = useCallback(() => source.plans(), [source]);
  const { value: plans, error, again } = useLoaded(load);
  const [wanted, setWanted] = useState<Plan | null>(null);
  if (error) return <Unavailable error={error} again={again} />;
  if (!plans) {
    return (
      <div className={styles.loading}>
        <Spinner size="large" label={t('ui.loading')} />
      </div>
    );
  }
  const offered = plans.filter((plan) => plan.active || plan.slug === store.plan.slug);
  return (
    <>
      <ul className={styles.plans}>
        {offered.map((plan) => {
          const current = plan.slug === store.plan.slug;
          const shown = current ? ({ ...plan, ...store.plan } as Plan) : plan;
          const renewed = current && changesBetween(store.plan, plan).length > 0;
          return (
            <li key={plan.slug} className={`${styles.plan} ${current ? styles.current : ''}`}>
              <div className={styles.head}>
                <h2>{shown.name}</h2>
                {current ? (
                  <Badge tone="success" icon="check">
                    {t('planChange.current')}
                  </Badge>
                ) : (
                  plan.popular && <Badge tone="info">{t('plan.popular')}</Badge>
                )}
              </div>
              <p className={styles.price}>
                {money(shown.price, shown.currency)} <small>{cycle(shown.billing_cycle)}</small>
              </p>
              <ul className={styles.limits}>
                {sayLimits(shown.limits).map((line) => (
                  <li key={line}>
                    <Icon name="check" />
                    {line}
                  </li>
                ))}
              </ul>
              {renewed && <p className={styles.about}>{t('planChange.renewed')}</p>}
              {canAct && (!current || renewed) && (
                <Button wide onClick={() => setWanted(plan)}>
                  {t(current ? 'planChange.renew' : 'planChange.choose', { plan: plan.name })}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      <p className={styles.about}>{t('planChange.about')}</p>
      {wanted && (
        <ConfirmDialog
          title={t('planChange.title', { plan: wanted.name })}
          action={t('planChange.confirm')}
          onConfirm={async () => {
            await source.stores.changePlan(store.store_id, wanted.slug);
            toast(t('planChange.done', { store: store.name, plan: wanted.name }));
            refresh();
          }}
          onClose={() => setWanted(null)}
        >
          <p>{t('planChange.text')}</p>
          <dl className={styles.changes}>
            {changesBetween(store.plan, wanted).map((change) => (
              <div key={change.name}>
                <dt>{change.name}</dt>
                <dd>
                  <s>{change.before}</s> <Icon name="arrowRight" label={t('planChange.becomes')} /> <strong>{change.after}</strong>
                </dd>
              </div>
            ))}
          </dl>
        </ConfirmDialog>
      )}
    </>
  );
}
