import type { Plan } from '../data';
import { language, t } from '../texts';

/** An amount in the currency's minor unit, as people write it. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat(language(), { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function cycle(name: string | undefined): string {
  return name === 'monthly' || name === undefined ? t('plan.monthly') : name;
}

/** A plan's limits as short sentences. */
export function limits(plan: Plan): string[] {
  const { products, orders_per_month, storage_gb, bandwidth_gb } = plan.limits;
  const amount = (value: number | null | undefined) => (value === null || value === undefined ? t('limit.unlimited') : new Intl.NumberFormat(language()).format(value));
  return [
    t('limit.products', { n: amount(products) }),
    t('limit.orders', { n: amount(orders_per_month) }),
    t('limit.storage', { n: storage_gb === null || storage_gb === undefined ? t('limit.unlimited') : `${amount(storage_gb)} GB` }),
    t('limit.bandwidth', { n: bandwidth_gb === null || bandwidth_gb === undefined ? t('limit.unlimited') : `${amount(bandwidth_gb)} GB` }),
  ];
}
