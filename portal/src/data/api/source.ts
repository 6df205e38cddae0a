import { DataError } from '../errors';
import { readAnswers } from '../answers';
import { isOver } from '../order';
import type { DataSource, ProvisioningTarget } from '../source';
import type { Watch, Watcher, WatchOptions } from '../watching';
import type { Stores } from '../stores';
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
} from '../types';
import { follow, poll, type Timing } from './follow';
import { Http, query, type Credentials } from './http';
import { ApiPlatform } from './platform';
import { ApiStores } from './stores';

/** Everything from the admin API. */
export class ApiSource implements DataSource {
  readonly stores: Stores;
  readonly platform: ApiPlatform;
  protected readonly http: Http;

  constructor(
    base: string,
    credentials: Credentials,
    private readonly timing: Partial<Timing> = {},
    fetcher?: typeof fetch,
  ) {
    this.http = new Http(base, credentials, fetcher);
    this.stores = new ApiStores(this.http);
    this.platform = new ApiPlatform(this.http);
  }

  watchProvisioning(target: ProvisioningTarget, watcher: Watcher<Provisioning | null>, options: WatchOptions = {}): Watch {
    let last: Provisioning | null = null;
    const path = 'storeId' in target ? `stores/${id(target.storeId)}/provisioning` : `provisionings/${id(target.provisioningId)}`;
    const timing = { ...this.timing, ...(options.interval === undefined ? {} : { interval: options.interval }) };
    return follow<Provisioning | null>(
      {
        open: (lastEventId, signal) =>
          this.http.open('GET', `${path}/events`, undefined, {
            signal,
            headers: { Accept: 'text/event-stream', ...(lastEventId === null ? {} : { 'Last-Event-ID': lastEventId }) },
          }),
        ask: (signal) => this.askProvisioning(path, 'storeId' in target, signal),
        read: (event, data) => (event === 'provisioning' ? (JSON.parse(data) as Provisioning) : null),
        isOver: () => last !== null && isOver(last),
      },
      { ...watcher, onValue: (value) => watcher.onValue((last = value)) },
      timing,
    );
  }

  private async askProvisioning(path: string, mayBeNone: boolean, signal: AbortSignal): Promise<Provisioning | null> {
    try {
      return await this.http.get<Provisioning>(path, { signal });
    } catch (thrown) {
      const none = thrown instanceof DataError && thrown.status === 404;
      if (none && (mayBeNone || thrown.code === 'NOT_PICKED_UP_YET')) return null;
      throw thrown;
    }
  }

  async retry(provisioningId: string): Promise<void> {
    await this.http.request('POST', `provisionings/${id(provisioningId)}/retry`);
  }

  async rollBack(provisioningId: string, confirm: string | null): Promise<void> {
    await this.http.request('POST', `provisionings/${id(provisioningId)}/rollback`, { confirm });
  }

  async resendWelcome(provisioningId: string): Promise<void> {
    await this.http.request('POST', `provisionings/${id(provisioningId)}/resend-welcome`);
  }

  undo(provisioningId: string): Promise<Undo> {
    return this.http.get(`provisionings/${id(provisioningId)}/undo`);
  }

  supportBundle(provisioningId: string): Promise<unknown> {
    return this.http.get(`provisionings/${id(provisioningId)}/support-bundle`);
  }

  durations(): Promise<Durations> {
    return this.http.get('durations');
  }

  activate(merchantId: string, request: ActivationRequest, requestId: string): Promise<Activated> {
    return this.http.request('POST', `merchants/${id(merchantId)}/activate`, request, {
      headers: { 'Idempotency-Key': requestId },
    });
  }

  requestSchema(): Promise<RequestSchema> {
    return this.http.get('activation-request.schema.json');
  }

  async activationRequest(provisioningId: string): Promise<ActivationRequest | null> {
    try {
      const { request } = await this.http.get<{ request: Record<string, unknown> }>(`provisionings/${id(provisioningId)}/request`);
      return readAnswers(request, provisioningId);
    } catch (thrown) {
      if (thrown instanceof DataError && thrown.status === 404) return null;
      throw thrown;
    }
  }

  availability(label: string, signal?: AbortSignal): Promise<HostAvailability> {
    return this.http.get(`hosts/${id(label)}`, { signal });
  }

  themes(): Promise<Theme[]> {
    return this.all('themes');
  }

  plans(): Promise<Plan[]> {
    return this.all('plans');
  }

  /** Every page of a list: for those that are short by nature. */
  private async all<T>(path: string): Promise<T[]> {
    const found: T[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<T> = await this.http.get(path + query({ cursor, limit: 100 }));
      found.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return found;
  }

  watchMerchants(wanted: MerchantQuery, watcher: Watcher<Page<Merchant>>, options: WatchOptions = {}): Watch {
    return poll((signal) => this.merchants(wanted, signal), watcher, options.interval);
  }

  private async merchants(wanted: MerchantQuery, signal: AbortSignal): Promise<Page<Merchant>> {
    const path = `merchants${query({ ...wanted })}`;
    const page = await this.http.get<{ merchants: Merchant[]; next_cursor: string | null }>(path, { signal });
    return { items: page.merchants, next_cursor: page.next_cursor };
  }

  watchMerchantCounts(watcher: Watcher<MerchantCounts>, options: WatchOptions = {}): Watch {
    return poll((signal) => this.http.get<MerchantCounts>('merchants/counts', { signal }), watcher, options.interval);
  }

  store(storeId: string): Promise<StoreView> {
    return this.http.get(`stores/${id(storeId)}`);
  }
}

/** An id as a part of a path: a `/` in it must not lead elsewhere. */
function id(text: string): string {
  return encodeURIComponent(text);
}
