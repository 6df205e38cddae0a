import { useWatched, type Merchant, type MerchantCounts, type MerchantQuery, type Page, type Watched } from '../../data';

/** The merchants that are looked for. While others are looked for, those of before stay in sight. */
export function useMerchants(query: MerchantQuery): Watched<Page<Merchant>> {
  return useWatched(JSON.stringify(query), (source, watcher) => source.watchMerchants(query, watcher));
}

export function useMerchantCounts(): Watched<MerchantCounts> {
  return useWatched('counts', (source, watcher) => source.watchMerchantCounts(watcher));
}
