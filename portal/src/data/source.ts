import type { DataError } from './errors';
import type { Stores } from './stores';
import type { PlatformSource } from './platform';
import type {
  Activated,
  ActivationRequest,
  Durations,
  HostAvailability,
  Merchant,
  MerchantCounts,
  MerchantQuery,
  Page,
  Plan,
  Provisioning,
  RequestSchema,
  StoreView,
  Theme,
  Undo,
} from './types';

/**
 * How what is shown came here: `live` is pushed, `polling` is asked for again and again, `offline` is neither, so that
 * what is shown may be old.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'offline';

export interface Watcher<T> {
  /** The whole value, each time it changes. Never a part of it, so nothing is lost or doubled when a connection is made anew. */
  onValue(value: T): void;
  onConnection(connection: Connection): void;
  /** It will not come: not allowed, or no such thing. Watching has ended. */
  onError(error: DataError): void;
}

export interface Watch {
  /** Look now, without waiting for the next moment to do so. */
  refresh(): void;
  stop(): void;
}

/** Which provisioning to follow: the newest of a store, also before there is one, or that with this id. */
export type ProvisioningTarget = { storeId: string } | { provisioningId: string };

export interface WatchOptions {
  /** Milliseconds between two looks where nothing is pushed. */
  interval?: number;
}

/** The one interface to data. Whatever can fail rejects with a `DataError`. */
export interface DataSource {
  /** `null` while the store has none. */
  watchProvisioning(target: ProvisioningTarget, watcher: Watcher<Provisioning | null>, options?: WatchOptions): Watch;
  retry(provisioningId: string): Promise<void>;
  /** `confirm` is the store's subdomain, needed once it is COMPLETED. */
  rollBack(provisioningId: string, confirm: string | null): Promise<void>;
  resendWelcome(provisioningId: string): Promise<void>;
  undo(provisioningId: string): Promise<Undo>;
  supportBundle(provisioningId: string): Promise<unknown>;
  durations(): Promise<Durations>;

  /** `requestId` makes sending it twice the same as once. */
  activate(merchantId: string, request: ActivationRequest, requestId: string): Promise<Activated>;
  requestSchema(): Promise<RequestSchema>;
  /** What was asked for; null where that is not known any more. */
  activationRequest(provisioningId: string): Promise<ActivationRequest | null>;
  availability(label: string, signal?: AbortSignal): Promise<HostAvailability>;
  themes(): Promise<Theme[]>;
  plans(): Promise<Plan[]>;

  watchMerchants(query: MerchantQuery, watcher: Watcher<Page<Merchant>>, options?: WatchOptions): Watch;
  watchMerchantCounts(watcher: Watcher<MerchantCounts>, options?: WatchOptions): Watch;
  merchant(merchantId: string): Promise<Merchant>;
  store(storeId: string): Promise<StoreView>;
  /** One merchant, one store, and all that belongs to it. */
  readonly stores: Stores;

  /** What runs the platform rather than one store. */
  readonly platform: PlatformSource;

  /** Any call of the admin API that has no method here: pages of one use each call it by path. */
  request<T>(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<T>;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}
