import { collection, doc, limit, onSnapshot, orderBy, query, where, type Firestore } from 'firebase/firestore';
import { ApiStores } from '../api/stores';
import type { Watch, Watcher, WatchOptions } from '../watching';
import type { Merchant, StoreView } from '../types';

/** What changes within this time is looked at once. */
const TOGETHER_MS = 250;
/** Tasks and the checklist hang on documents below the tenant, which nobody listens to. */
const NOW_AND_THEN_MS = 30_000;

/** What the API composes of several documents, asked for anew whenever one of them changes. */
export class FirestoreStores extends ApiStores {
  constructor(
    private readonly db: Firestore,
    ...api: ConstructorParameters<typeof ApiStores>
  ) {
    super(...api);
  }

  override watchMerchant(merchantId: string, watcher: Watcher<Merchant>, options: WatchOptions = {}): Watch {
    return this.withChanges(super.watchMerchant(merchantId, watcher, { interval: NOW_AND_THEN_MS, ...options }), 'merchant_id', merchantId, 'merchants');
  }

  override watchStore(storeId: string, watcher: Watcher<StoreView>, options: WatchOptions = {}): Watch {
    return this.withChanges(super.watchStore(storeId, watcher, { interval: NOW_AND_THEN_MS, ...options }), 'store_id', storeId, 'stores', 'deployments');
  }

  private withChanges(watch: Watch, field: string, id: string, ...documents: string[]): Watch {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const changed = () => {
      clearTimeout(timer);
      timer = setTimeout(watch.refresh, TOGETHER_MS);
    };
    const newest = query(
      collection(this.db, 'provisionings'),
      where(field, '==', id),
      where('kind', '==', 'activation'),
      orderBy('requested_at', 'desc'),
      limit(1),
    );
    // What is there when one begins to listen has just been asked for; nothing is lost by a listener that is refused.
    const ends = [
      ...documents.map((name) => onSnapshot(doc(this.db, name, id), later(changed), () => undefined)),
      onSnapshot(newest, later(changed), () => undefined),
    ];
    return {
      refresh: watch.refresh,
      stop() {
        clearTimeout(timer);
        ends.forEach((end) => end());
        watch.stop();
      },
    };
  }
}

/** Calls for each change but for what the server has at the beginning. */
function later(changed: () => void): (found: { metadata: { fromCache: boolean } }) => void {
  let begun = false;
  return (found) => {
    if (begun) changed();
    begun ||= !found.metadata.fromCache;
  };
}
