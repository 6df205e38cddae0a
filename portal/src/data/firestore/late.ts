import { ApiPlatform } from '../api/platform';
import { ApiSource } from '../api/source';
import { ApiStores } from '../api/stores';
import type { Credentials, Http } from '../api/http';
import type { DeadLetter, LetterQuery, Overview, ProvisioningQuery } from '../platform';
import type { OpenedSource, ProvisioningTarget } from '../source';
import type { Activated, ActivationRequest, Merchant, MerchantCounts, MerchantQuery, Page, Plan, Provisioning, ProvisioningSummary, StoreView, Theme } from '../types';
import type { Watch, Watcher, WatchOptions } from '../watching';
import { Later } from './later';

/** Firestore's source without its client: lists are there before it is, and what only Firestore tells waits for it. */
export class LateFirestore extends ApiSource {
  override readonly stores: LateStores;
  override readonly platform: LatePlatform;

  constructor(
    private readonly later: Later,
    ...api: ConstructorParameters<typeof ApiSource>
  ) {
    super(...api);
    this.stores = new LateStores(later, this.http);
    this.platform = new LatePlatform(later, this.http);
  }

  override watchProvisioning(target: ProvisioningTarget, watcher: Watcher<Provisioning | null>, options?: WatchOptions): Watch {
    return this.later.direct(watcher, (source) => source.watchProvisioning(target, watcher, options));
  }

  override async activate(merchantId: string, request: ActivationRequest, requestId: string): Promise<Activated> {
    return (await this.later.source()).activate(merchantId, request, requestId);
  }

  override async activationRequest(provisioningId: string): Promise<ActivationRequest | null> {
    return (await this.later.source()).activationRequest(provisioningId);
  }

  override async themes(): Promise<Theme[]> {
    return (await this.later.source()).themes();
  }

  override async plans(): Promise<Plan[]> {
    return (await this.later.source()).plans();
  }

  override watchMerchants(wanted: MerchantQuery, watcher: Watcher<Page<Merchant>>, options?: WatchOptions): Watch {
    return this.later.composed(watcher, (first) => super.watchMerchants(wanted, first, options), (source, rest) => source.watchMerchants(wanted, rest, options));
  }

  override watchMerchantCounts(watcher: Watcher<MerchantCounts>, options?: WatchOptions): Watch {
    return this.later.composed(watcher, (first) => super.watchMerchantCounts(first, options), (source, rest) => source.watchMerchantCounts(rest, options));
  }
}

class LateStores extends ApiStores {
  constructor(
    private readonly later: Later,
    http: Http,
  ) {
    super(http);
  }

  override watchMerchant(merchantId: string, watcher: Watcher<Merchant>, options?: WatchOptions): Watch {
    return this.later.composed(watcher, (first) => super.watchMerchant(merchantId, first, options), ({ stores }, rest) => stores.watchMerchant(merchantId, rest, options));
  }

  override watchStore(storeId: string, watcher: Watcher<StoreView>, options?: WatchOptions): Watch {
    return this.later.composed(watcher, (first) => super.watchStore(storeId, first, options), ({ stores }, rest) => stores.watchStore(storeId, rest, options));
  }
}

class LatePlatform extends ApiPlatform {
  constructor(
    private readonly later: Later,
    http: Http,
  ) {
    super(http);
  }

  override watchOverview(days: number, watcher: Watcher<Overview>, options?: WatchOptions): Watch {
    return this.later.composed(watcher, (first) => super.watchOverview(days, first, options), ({ platform }, rest) => platform.watchOverview(days, rest, options));
  }

  override watchProvisionings(wanted: ProvisioningQuery, watcher: Watcher<Page<ProvisioningSummary>>, options?: WatchOptions): Watch {
    return this.later.composed(watcher, (first) => super.watchProvisionings(wanted, first, options), ({ platform }, rest) => platform.watchProvisionings(wanted, rest, options));
  }

  override watchLetters(wanted: LetterQuery, watcher: Watcher<Page<DeadLetter>>, options?: WatchOptions): Watch {
    return this.later.composed(watcher, (first) => super.watchLetters(wanted, first, options), ({ platform }, rest) => platform.watchLetters(wanted, rest, options));
  }
}

/** `open` loads the client and opens Firestore with it. */
export function openLate(open: () => Promise<OpenedSource>, api: string, credentials: Credentials): OpenedSource {
  const later = new Later(open);
  return { source: new LateFirestore(later, api, credentials), close: () => later.close() };
}
