import {
  collection,
  doc,
  getDocFromServer,
  getDocsFromServer,
  limit,
  onSnapshot,
  orderBy,
  query,
  serverTimestamp,
  setDoc,
  where,
  type DocumentData,
  type DocumentSnapshot,
  type Firestore,
  type FirestoreError,
} from 'firebase/firestore';
import { ApiSource } from '../api/source';
import { readAnswers } from '../answers';
import { DataError, OFFLINE } from '../errors';
import type { ProvisioningTarget } from '../source';
import type { Connection, Watch, Watcher, WatchOptions } from '../watching';
import type {
  Activated,
  ActivationRequest,
  Merchant,
  MerchantCounts,
  MerchantQuery,
  Page,
  Plan,
  Provisioning,
  Theme,
} from '../types';
import { withChanges } from './changes';
import { readDocument, readProvisioning } from './documents';
import { FirestorePlatform } from './platform';
import { FirestoreStores } from './stores';

/** Firestore itself waits for a network without end, and writes then; whoever waits for it is told before. */
const ANSWER_MS = 15_000;
/** As long as Firestore takes to find that there is no network. */
const UNHEARD_MS = 10_000;

/** Reads Firestore live and writes requests to it; what no document holds comes from the admin API. */
export class FirestoreSource extends ApiSource {
  override readonly stores: FirestoreStores;
  override readonly platform: FirestorePlatform;

  constructor(
    private readonly db: Firestore,
    private readonly uid: () => string,
    ...api: ConstructorParameters<typeof ApiSource>
  ) {
    super(...api);
    this.stores = new FirestoreStores(db, this.http);
    this.platform = new FirestorePlatform(db, this.http);
  }

  override watchProvisioning(target: ProvisioningTarget, watcher: Watcher<Provisioning | null>): Watch {
    watcher.onConnection('connecting');
    return restartable((running) => {
      // What is in the cache says nothing of the network before the server was heard.
      let cached: Connection = 'connecting';
      const unheard = setTimeout(() => watcher.onConnection((cached = 'offline')), UNHEARD_MS);
      const tell = (fromCache: boolean, found: DocumentSnapshot<DocumentData> | undefined) => {
        if (running.ended) return;
        if (!fromCache) {
          clearTimeout(unheard);
          cached = 'offline';
        }
        const data = found?.data();
        // An empty cache says nothing of the server.
        if (found && data) watcher.onValue(readProvisioning(found.id, data));
        else if (!fromCache) watcher.onValue(null);
        watcher.onConnection(fromCache ? cached : 'live');
      };
      const end = (error: FirestoreError) => {
        clearTimeout(unheard);
        watcher.onError(asRefusal(error));
      };
      const changes = { includeMetadataChanges: true };
      const leave =
        'storeId' in target
          ? onSnapshot(this.newestOf(target.storeId), changes, (found) => tell(found.metadata.fromCache, found.docs[0]), end)
          : onSnapshot(doc(this.db, 'provisionings', target.provisioningId), changes, (found) => tell(found.metadata.fromCache, found), end);
      return () => {
        clearTimeout(unheard);
        leave();
      };
    });
  }

  private newestOf(storeId: string) {
    return query(
      collection(this.db, 'provisionings'),
      where('store_id', '==', storeId),
      where('kind', '==', 'activation'),
      orderBy('requested_at', 'desc'),
      limit(1),
    );
  }

  override async activate(merchantId: string, request: ActivationRequest, requestId: string): Promise<Activated> {
    const place = doc(this.db, 'activation_requests', requestId);
    const answer = { provisioning_id: requestId, store_id: request.store_id };
    const written = setDoc(place, {
      ...request,
      merchant_id: merchantId,
      requested_by: this.uid(),
      requested_at: serverTimestamp(),
      picked_up: false,
    });
    try {
      await answered(written);
    } catch (thrown) {
      if (thrown instanceof DataError) throw thrown;
      // Rules let it be created once and never changed: a second try of one that arrived is refused, and is there.
      if ((await getDocFromServer(place).catch(() => null))?.exists()) return answer;
      throw asRefusal(thrown as FirestoreError);
    }
    return answer;
  }

  override async activationRequest(provisioningId: string): Promise<ActivationRequest | null> {
    const found = await getDocFromServer(doc(this.db, 'activation_requests', provisioningId)).catch((thrown: FirestoreError) => {
      throw asRefusal(thrown);
    });
    return found.exists() ? readAnswers(readDocument(found.data()), provisioningId) : null;
  }

  override themes(): Promise<Theme[]> {
    return this.entries('themes', 'slug');
  }

  override plans(): Promise<Plan[]> {
    return this.entries('plans', 'position');
  }

  private async entries<T>(name: string, order: string): Promise<T[]> {
    const found = await getDocsFromServer(query(collection(this.db, name), orderBy(order))).catch((thrown: FirestoreError) => {
      throw asRefusal(thrown);
    });
    return found.docs.map((entry) => readDocument<T>(entry.data()));
  }

  override watchMerchants(wanted: MerchantQuery, watcher: Watcher<Page<Merchant>>, options: WatchOptions = {}): Watch {
    return withChanges(super.watchMerchants(wanted, watcher, { interval: 60_000, ...options }), this.changes());
  }

  override watchMerchantCounts(watcher: Watcher<MerchantCounts>, options: WatchOptions = {}): Watch {
    return withChanges(super.watchMerchantCounts(watcher, { interval: 60_000, ...options }), this.changes());
  }

  /** What merchants and their newest provisioning are made of. */
  private changes() {
    return [
      query(collection(this.db, 'provisionings'), orderBy('updated_at', 'desc'), limit(1)),
      query(collection(this.db, 'merchants'), orderBy('created_at', 'desc'), limit(1)),
    ];
  }
}

async function answered<T>(write: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DataError(0, OFFLINE, 'The database did not answer.')), ANSWER_MS);
  });
  try {
    return await Promise.race([write, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** A listener that can be begun anew. */
function restartable(listen: (running: { ended: boolean }) => () => void): Watch {
  let running = { ended: false };
  let end = listen(running);
  const stop = () => {
    running.ended = true;
    end();
  };
  return {
    stop,
    refresh() {
      stop();
      running = { ended: false };
      end = listen(running);
    },
  };
}

function asRefusal(error: FirestoreError): DataError {
  const status = { 'permission-denied': 403, unauthenticated: 401, 'not-found': 404 }[error.code as string] ?? 0;
  const message = status === 403 ? 'You are not allowed to do this.' : 'The database did not answer.';
  return new DataError(status, (error.code ?? 'unknown').toUpperCase().replaceAll('-', '_'), message);
}
