import { language, t } from '../texts';

/** An amount in the currency's minor unit, as people write it. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat(language(), { style: 'currency', currency });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function cycle(name: string | undefined): string {
  return name === 'monthly' || name === undefined ? t('plan.monthly') : name;
}
