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
import type { Watch, Watcher, WatchOptions } from './watching';

/** Which provisioning to follow: the newest of a store, also before there is one, or that with this id. */
export type ProvisioningTarget = { storeId: string } | { provisioningId: string };

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
  store(storeId: string): Promise<StoreView>;
  /** One merchant, one store, and all that belongs to it. */
  readonly stores: Stores;

  /** What runs the platform rather than one store. */
  readonly platform: PlatformSource;
}

/** A source, and how to let go of what it holds on to. */
export interface OpenedSource {
  source: DataSource;
  close(): void;
}
