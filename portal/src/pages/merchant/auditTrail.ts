import type { AuditEntry, Page, StoreView } from '../../data';
import { t, type TextKey } from '../../texts';

type Named = Pick<StoreView, 'store_id' | 'merchant_id'> & { provisioning: { id: string } | null };

/** The documents whose entries tell what was done to a store. */
export function subjectsOf(store: Named, themes: readonly string[]): string[] {
  const p = store.provisioning?.id;
  return [
    `stores/${store.store_id}`,
    `merchants/${store.merchant_id}`,
    ...(p ? [`activation_requests/${p}`, `provisionings/${p}`] : []),
    ...themes.map((slug) => `tenants/${store.store_id}/themes/${slug}`),
  ];
}

/** Where each subject's list is: what was read of it, and how it goes on. */
export interface Trail {
  entries: readonly AuditEntry[];
  next: string | null;
}

export function extend(trail: Trail | undefined, page: Page<AuditEntry>): Trail {
  return { entries: [...(trail?.entries ?? []), ...page.items], next: page.next_cursor };
}

/**
 * All that is known for certain of several lists, the newest first.
 *
 * A list that goes on may hold entries between those of another: what is older than its last one waits until the rest is read.
 */
export function merge(trails: readonly Trail[]): AuditEntry[] {
  const known = trails.filter((trail) => trail.next !== null).map((trail) => trail.entries.at(-1)?.at ?? '');
  const since = known.reduce((latest, at) => (Date.parse(at) > Date.parse(latest || '0') ? at : latest), '');
  return trails
    .flatMap((trail) => trail.entries)
    .filter((entry) => since === '' || Date.parse(entry.at) >= Date.parse(since))
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || a.id.localeCompare(b.id));
}

const DEEDS = {
  'merchant.created': 'audit.merchantCreated',
  'activation.requested': 'audit.activationRequested',
  'provisioning.retry': 'audit.retried',
  'provisioning.rollback': 'audit.rolledBack',
  'welcome.resent': 'audit.welcomeResent',
  'store.went_live': 'audit.wentLive',
  'store.plan_changed': 'audit.planChanged',
  'theme.published': 'audit.themePublished',
  'theme.switched': 'audit.themeSwitched',
  'theme.imported': 'audit.themeImported',
  'release.published': 'audit.releasePublished',
  'release.promoted': 'audit.releasePromoted',
  'release.reverted': 'audit.releaseReverted',
  'release.previewed': 'audit.releasePreviewed',
  'releases.collected': 'audit.releasesCollected',
  'preview.closed': 'audit.previewClosed',
  'media.added': 'audit.mediaAdded',
  'media.described': 'audit.mediaDescribed',
  'media.removed': 'audit.mediaRemoved',
} as const satisfies Record<string, TextKey>;

/** A deed in words; one that a newer server knows by its own name. */
export function deed(action: string): string {
  if (action in DEEDS) return t(DEEDS[action as keyof typeof DEEDS]);
  const words = action.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Facts of an entry in one line. */
export function detailOf(entry: AuditEntry): string {
  return Object.entries(entry.detail)
    // Whose page this is need not be said again.
    .filter(([name, value]) => value !== null && value !== '' && name !== 'merchant_id' && name !== 'store_id')
    .map(([name, value]) => `${name.replaceAll('_', ' ')}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
