import { useCallback, useState } from 'react';
import { asDataError, useCanAct, useLoaded, useSource, type Marked, type Plan } from '../../data';
import { sayLimits } from '../../provisioning/limits';
import { cycle, money } from '../../provisioning/money';
import { PageHeader } from '../../shell/PageHeader';
import { t } from '../../texts';
import { Badge, Button, Icon, useToast } from '../../ui';
import { Listed } from '../lists/Listed';
import { DeleteDialog } from '../offers/DeleteDialog';
import { ActiveBadge, InUse } from '../offers/marks';
import styles from '../offers/offers.module.css';
import { useStoreCounts } from '../offers/useStoreCounts';
import { PlanDialog } from './PlanDialog';

export function Component() {
  const source = useSource();
  const canAct = useCanAct();
  const toast = useToast();
  const load = useCallback(() => source.plans().then((items) => ({ items })), [source]);
  const { value, error, again } = useLoaded(load);
  const counts = useStoreCounts('plan', value?.items.map((one) => one.slug) ?? []);
  const [editing, setEditing] = useState<Marked<Plan> | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Plan | null>(null);
  const [busy, setBusy] = useState<string | null>(null);

  /** Reads it anew first: what is changed is what is there now. */
  const withNewest = async (slug: string, deed: (newest: Marked<Plan>) => unknown) => {
    setBusy(slug);
    try {
      await deed(await source.platform.plans.read(slug));
    } catch (thrown) {
      toast(asDataError(thrown).message, 'danger');
    }
    setBusy(null);
  };
  const setActive = (plan: Plan, active: boolean) =>
    withNewest(plan.slug, async ({ value: newest, etag }) => {
      await source.platform.plans.replace(plan.slug, { ...newest, active }, etag);
      toast(t(active ? 'offers.activated' : 'offers.deactivated', { name: plan.name }));
      again();
    });

  return (
    <>
      <PageHeader
        title={t('plans.title')}
        text={t('plans.text')}
        actions={
          canAct && (
            <Button kind="primary" icon="plus" onClick={() => setEditing('new')}>
              {t('plans.new')}
            </Button>
          )
        }
      />
      <Listed value={value} error={error} again={again} empty={{ icon: 'tag', title: t('plans.none'), text: t('plans.none.text') }}>
        {(items) => (
          <ul className={styles.cards}>
            {items.map((plan) => (
              <li key={plan.slug} className={`${styles.card} ${plan.active ? '' : styles.inactive}`}>
                <div className={styles.body}>
                  <div className={styles.head}>
                    <h2>{plan.name}</h2>
                    {plan.popular && <Badge tone="info">{t('plan.popular')}</Badge>}
                    <ActiveBadge active={plan.active ?? true} />
                  </div>
                  <p className={styles.price}>
                    {money(plan.price, plan.currency ?? 'USD')}
                    <small>{cycle(plan.billing_cycle)}</small>
                  </p>
                  <p className={styles.muted}>{plan.description}</p>
                  <ul className={styles.list}>
                    {sayLimits(plan.limits).map((line) => (
                      <li key={line}>
                        <Icon name="check" />
                        {line}
                      </li>
                    ))}
                  </ul>
                  <InUse to={`/stores?plan=${plan.slug}`} count={counts[plan.slug]} />
                </div>
                {canAct && (
                  <div className={styles.actions}>
                    <Button size="small" icon="edit" busy={busy === plan.slug} aria-label={t('offers.editOne', { name: plan.name })} onClick={() => void withNewest(plan.slug, setEditing)}>
                      {t('offers.edit')}
                    </Button>
                    <Button size="small" aria-label={t(plan.active ? 'offers.deactivateOne' : 'offers.activateOne', { name: plan.name })} onClick={() => void setActive(plan, !plan.active)}>
                      {t(plan.active ? 'offers.deactivate' : 'offers.activate')}
                    </Button>
                    <Button size="small" kind="quiet" square icon="trash" aria-label={t('offers.deleteOne', { name: plan.name })} title={t('offers.delete')} onClick={() => setDeleting(plan)} />
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
      </Listed>
      {editing && (
        <PlanDialog
          found={editing === 'new' ? null : editing}
          position={Math.max(0, ...(value?.items.map((one) => one.position ?? 0) ?? [])) + 1}
          onClose={() => setEditing(null)}
          onDone={(saved) => {
            toast(t('offers.saved', { name: saved.name }));
            setEditing(null);
            again();
          }}
        />
      )}
      {deleting && (
        <DeleteDialog
          title={t('offers.delete.title', { name: deleting.name })}
          text={t('plans.delete.text')}
          onClose={() => setDeleting(null)}
          onConfirm={async () => {
            await source.platform.plans.remove(deleting.slug);
            toast(t('offers.deleted', { name: deleting.name }));
            again();
          }}
        />
      )}
    </>
  );
}
