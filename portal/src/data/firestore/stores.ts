import { collection, doc, limit, orderBy, query, where, type Firestore, type Query } from 'firebase/firestore';
import { ApiStores } from '../api/stores';
import type { Merchant, StoreView } from '../types';
import type { Watch, Watcher, WatchOptions } from '../watching';
import { withChanges } from './changes';

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
    const watch = super.watchMerchant(merchantId, watcher, { interval: NOW_AND_THEN_MS, ...options });
    return withChanges(watch, [doc(this.db, 'merchants', merchantId), this.newest('merchant_id', merchantId)]);
  }

  override watchStore(storeId: string, watcher: Watcher<StoreView>, options: WatchOptions = {}): Watch {
    const watch = super.watchStore(storeId, watcher, { interval: NOW_AND_THEN_MS, ...options });
    return withChanges(watch, [doc(this.db, 'stores', storeId), doc(this.db, 'deployments', storeId), this.newest('store_id', storeId)]);
  }

  private newest(field: string, id: string): Query {
    return query(
      collection(this.db, 'provisionings'),
      where(field, '==', id),
      where('kind', '==', 'activation'),
      orderBy('requested_at', 'desc'),
      limit(1),
    );
  }
}
