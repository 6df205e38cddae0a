import type { Merchant, MerchantStatus } from '../../data';
import { t } from '../../texts';
import type { IconName, Tone } from '../../ui';

export interface MerchantLook {
  tone: Tone;
  icon: IconName | 'spinner';
  text: string;
}

export function lookOfMerchant(status: MerchantStatus): MerchantLook {
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

/** How it stands, also while its store is being made. */
export function lookOf(merchant: Merchant): MerchantLook {
  const p = merchant.provisioning;
  if (merchant.status === 'PENDING' && p?.status === 'IN_PROGRESS') {
    return { tone: 'info', icon: 'spinner', text: t('merchants.inProgress', { percent: p.completion_percent }) };
  }
  if (merchant.status === 'PENDING' && p?.status === 'ROLLBACK' && !p.halted) return { tone: 'warning', icon: 'undo', text: t('status.rollback') };
  return lookOfMerchant(merchant.status);
}

export function addressOf(merchantId: string, section = ''): string {
  const page = `/merchants/${encodeURIComponent(merchantId)}`;
  return section ? `${page}/${section}` : page;
}

export type Step = { kind: 'activate' } | { kind: 'go'; to: string; text: string } | { kind: 'visit'; href: string } | null;

/** The one thing that somebody who sees this row most likely wants to do next. */
export function stepFor(merchant: Merchant): Step {
  const { provisioning: p, status } = merchant;
  if (p && p.status !== 'ROLLED_BACK' && p.status !== 'COMPLETED') {
    const to = `/provisionings/${encodeURIComponent(p.id)}`;
    return { kind: 'go', to, text: t(p.status === 'FAILED' || p.halted ? 'merchants.seeWhy' : 'merchants.watch') };
  }
  const website = merchant.stores.find((store) => store.website)?.website;
  if (website) return { kind: 'visit', href: website };
  return status === 'PENDING' || status === 'FAILED' ? { kind: 'activate' } : null;
}

export interface Cause {
  cause: string;
  action: string;
}

/** Why it is not as it should be, in one line, and what to do; null where all is well. */
export function causeOf(merchant: Merchant): Cause | null {
  if (merchant.status !== 'FAILED' && merchant.status !== 'SUSPENDED') return null;
  const problem = merchant.status === 'FAILED' ? merchant.provisioning?.error : null;
  if (problem) return { cause: problem.title, action: problem.action || problem.detail };
  const reason = merchant.status_reason?.trim();
  if (!reason) return null;
  // The first sentence says why, the rest what to do. A dot inside of an address ends none.
  const end = /[.!?](?=\s)/.exec(reason);
  return end ? { cause: reason.slice(0, end.index + 1), action: reason.slice(end.index + 1).trim() } : { cause: reason, action: '' };
}

/** The id that a merchant's next store gets: its own for the first, so that two who press at once make one. */
export function nextStoreId(merchant: Merchant): string {
  const first = merchant.stores.length === 0 && (merchant.provisioning === null || merchant.provisioning.store_id === merchant.id);
  return first ? merchant.id : `${merchant.id.slice(0, 90)}-${crypto.randomUUID().slice(0, 8)}`;
}
