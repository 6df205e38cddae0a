import { useEffect, useState } from 'react';
import { useSource, type StoreQuery } from '../../data';

/** More are told as „100+“. */
const MOST = 100;

/** How many stores have each of these themes, or plans: as text, by slug. */
export function useStoreCounts(field: 'theme' | 'plan', slugs: readonly string[]): Record<string, string> {
  const { platform } = useSource();
  const [counts, setCounts] = useState<Record<string, string>>({});
  const all = slugs.join(' ');
  useEffect(() => {
    let wanted = true;
    for (const slug of all.split(' ').filter(Boolean)) {
      const query: StoreQuery = { [field]: slug, limit: MOST };
      platform.stores(query).then(
        (page) => {
          const living = page.items.filter((store) => store.status !== 'DELETED').length;
          if (wanted) setCounts((before) => ({ ...before, [slug]: page.next_cursor ? `${living}+` : String(living) }));
        },
        // How many there are is said beside the rest; the rest is there without it.
        () => undefined,
      );
    }
    return () => {
      wanted = false;
    };
  }, [platform, field, all]);
  return counts;
}
