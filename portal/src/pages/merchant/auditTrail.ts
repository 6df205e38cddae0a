import type { AuditEntry, Page, StoreView } from '../../data';

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
