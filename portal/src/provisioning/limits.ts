import type { Plan } from '../data';
import { language, n, t } from '../texts';

/** What a plan limits, in the order in which it is said. */
export const LIMITS = ['products', 'orders_per_month', 'storage_gb', 'bandwidth_gb'] as const satisfies readonly (keyof Plan['limits'])[];
export type Limit = (typeof LIMITS)[number];

export function unitOf(limit: Limit): string | undefined {
  return limit.endsWith('_gb') ? 'GB' : undefined;
}

/** `1,000`, `5 GB`, `Unlimited`. */
export function sayAmount(limit: Limit, amount: number | null | undefined): string {
  if (amount === null || amount === undefined) return t('limit.unlimited');
  return [new Intl.NumberFormat(language()).format(amount), unitOf(limit)].filter(Boolean).join(' ');
}

/** A plan's limits as short sentences. */
export function sayLimits(limits: Plan['limits']): string[] {
  return LIMITS.map((limit) => n(`limit.says.${limit}`, limits[limit] ?? Infinity, { amount: sayAmount(limit, limits[limit]) }));
}
