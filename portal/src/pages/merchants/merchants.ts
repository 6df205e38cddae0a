import type { Merchant, MerchantStatus } from '../../data';
import { t } from '../../texts';
import type { IconName, Tone } from '../../ui';

export function lookOfMerchant(status: MerchantStatus): { tone: Tone; icon: IconName; text: string } {
  switch (status) {
    case 'PENDING':
      return { tone: 'neutral', icon: 'clock', text: t('merchants.pending') };
    case 'ACTIVE':
      return { tone: 'success', icon: 'check', text: t('merchants.active') };
    case 'FAILED':
      return { tone: 'danger', icon: 'alert', text: t('merchants.failed') };
    case 'SUSPENDED':
      return { tone: 'warning', icon: 'dash', text: t('merchants.suspended') };
  }
}

/** Where its newest provisioning is shown; null where there is none that stands in the way of a new one. */
export function placeOf({ provisioning: p }: Merchant): { to: string; text: string } | null {
  if (!p || p.status === 'ROLLED_BACK') return null;
  const to = `/provisionings/${encodeURIComponent(p.id)}`;
  if (p.status === 'COMPLETED') return { to, text: t('merchants.show') };
  return { to, text: t(p.status === 'FAILED' || p.halted ? 'merchants.seeWhy' : 'merchants.watch') };
}
