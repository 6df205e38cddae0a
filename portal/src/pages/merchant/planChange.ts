import type { Plan, SoldPlan } from '../../data';
import { cycle, money } from '../../provisioning';
import { language, t } from '../../texts';

export interface PlanDifference {
  name: string;
  before: string;
  after: string;
}

/** What is another than it was, in words. */
export function changesBetween(before: SoldPlan, after: SoldPlan): PlanDifference[] {
  const rows: PlanDifference[] = [
    { name: t('planChange.price'), before: price(before), after: price(after) },
    ...LIMITS.map(([key, name, unit]) => ({ name: t(name), before: amount(before.limits?.[key], unit), after: amount(after.limits?.[key], unit) })),
  ];
  return rows.filter((row) => row.before !== row.after);
}

const LIMITS = [
  ['products', 'planChange.products', ''],
  ['orders_per_month', 'planChange.orders', ''],
  ['storage_gb', 'planChange.storage', ' GB'],
  ['bandwidth_gb', 'planChange.bandwidth', ' GB'],
] as const satisfies readonly [keyof Plan['limits'], string, string][];

function price({ price, currency, billing_cycle }: SoldPlan): string {
  return price === undefined || !currency ? '–' : `${money(price, currency)} ${cycle(billing_cycle)}`;
}

function amount(value: number | null | undefined, unit: string): string {
  return value === null || value === undefined ? t('limit.unlimited') : new Intl.NumberFormat(language()).format(value) + unit;
}
