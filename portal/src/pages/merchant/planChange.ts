import type { SoldPlan } from '../../data';
import { cycle, LIMITS, money, sayAmount } from '../../provisioning';
import { t } from '../../texts';

export interface PlanDifference {
  name: string;
  before: string;
  after: string;
}

/** What is another than it was, in words. */
export function changesBetween(before: SoldPlan, after: SoldPlan): PlanDifference[] {
  const rows: PlanDifference[] = [
    { name: t('planChange.price'), before: price(before), after: price(after) },
    ...LIMITS.map((limit) => ({ name: t(`limit.${limit}`), before: sayAmount(limit, before.limits?.[limit]), after: sayAmount(limit, after.limits?.[limit]) })),
  ];
  return rows.filter((row) => row.before !== row.after);
}

function price({ price, currency, billing_cycle }: SoldPlan): string {
  return price === undefined || !currency ? '–' : `${money(price, currency)} ${cycle(billing_cycle)}`;
}
