import type { Watch, Watcher, WatchOptions } from '../watching';
import type {
  AuditEntry,
  Customisation,
  Draft,
  Marked,
  NewMerchant,
  Ordered,
  PageOf,
  Picture,
  Previewed,
  Promotion,
  Release,
  Releases,
  Revision,
  Stores,
  StoreTheme,
  StoreThemeSummary,
  Switched,
} from '../stores';
import type { Merchant, Page, ProvisioningSummary, StoreView } from '../types';
import { poll } from './follow';
import { query, type Http } from './http';

/** Merchants and stores by the admin API. */
export class ApiStores implements Stores {
  constructor(private readonly http: Http) {}

  createMerchant(merchant: NewMerchant, key: string): Promise<Merchant> {
    return this.http.request('POST', 'merchants', merchant, { headers: { 'Idempotency-Key': key } });
  }

  watchMerchant(merchantId: string, watcher: Watcher<Merchant>, options: WatchOptions = {}): Watch {
    return poll((signal) => this.http.get<Merchant>(`merchants/${encodeURIComponent(merchantId)}`, { signal }), watcher, options.interval);
  }

  watchStore(storeId: string, watcher: Watcher<StoreView>, options: WatchOptions = {}): Watch {
    return poll((signal) => this.http.get<StoreView>(of(storeId), { signal }), watcher, options.interval);
  }

  provisionings(storeId: string, page: PageOf = {}): Promise<Page<ProvisioningSummary>> {
    return this.http.get(`provisionings${query({ store_id: storeId, ...page })}`);
  }

  async auditLog(subject: string, page: PageOf = {}): Promise<Page<AuditEntry>> {
    const path = `audit-log${query({ subject, ...page })}`;
    const found = await this.http.get<{ entries: AuditEntry[]; next_cursor: string | null }>(path);
    return { items: found.entries, next_cursor: found.next_cursor };
  }

  changePlan(storeId: string, plan: string): Promise<StoreView> {
    return this.http.request('PUT', of(storeId, 'plan'), { plan });
  }

  releases(storeId: string, page: PageOf = {}): Promise<Releases> {
    return this.http.get(of(storeId, 'releases') + query({ ...page }));
  }

  release(storeId: string, releaseId: string): Promise<Release> {
    return this.http.get(of(storeId, 'releases', releaseId));
  }

  previewRelease(storeId: string, releaseId: string): Promise<{ channel: string; link: string; expires_at: string }> {
    return this.http.request('POST', of(storeId, 'releases', releaseId, 'preview'));
  }

  publish(storeId: string): Promise<Ordered> {
    return this.http.request('POST', of(storeId, 'releases'));
  }

  promote(storeId: string, release: string): Promise<Promotion> {
    return this.http.request('POST', of(storeId, 'promote'), { release });
  }

  revert(storeId: string, release: string | null): Promise<Promotion> {
    return this.http.request('POST', of(storeId, 'revert'), { release });
  }

  async themes(storeId: string): Promise<StoreThemeSummary[]> {
    const found = await this.http.get<{ items: StoreThemeSummary[] }>(of(storeId, 'themes'));
    return found.items;
  }

  async theme(storeId: string, slug: string): Promise<Marked<StoreTheme>> {
    const response = await this.http.open('GET', of(storeId, 'themes', slug));
    return { value: (await response.json()) as StoreTheme, etag: response.headers.get('ETag') };
  }

  saveDraft(storeId: string, slug: string, chosen: Customisation, etag: string | null): Promise<Draft> {
    const headers: Record<string, string> = etag === null ? {} : { 'If-Match': etag };
    return this.http.request('PUT', of(storeId, 'themes', slug, 'draft'), chosen, { headers });
  }

  discardDraft(storeId: string, slug: string): Promise<void> {
    return this.http.request('DELETE', of(storeId, 'themes', slug, 'draft'));
  }

  publishDraft(storeId: string, slug: string): Promise<Ordered> {
    return this.http.request('POST', of(storeId, 'themes', slug, 'publish'));
  }

  previewTheme(storeId: string, slug: string): Promise<Previewed> {
    return this.http.request('POST', of(storeId, 'themes', slug, 'preview'));
  }

  switchTheme(storeId: string, slug: string): Promise<Switched> {
    return this.http.request('POST', of(storeId, 'themes', slug, 'switch'));
  }

  async revisions(storeId: string, slug: string): Promise<Revision[]> {
    const found = await this.http.get<{ items: Revision[] }>(of(storeId, 'themes', slug, 'revisions'));
    return found.items;
  }

  restoreRevision(storeId: string, slug: string, number: number): Promise<Draft> {
    return this.http.request('POST', of(storeId, 'themes', slug, 'revisions', String(number), 'restore'));
  }

  pictures(storeId: string, page: PageOf = {}): Promise<Page<Picture>> {
    return this.http.get(of(storeId, 'media') + query({ ...page }));
  }

  async addPicture(storeId: string, file: Blob, alt: string): Promise<Picture> {
    const path = `${of(storeId, 'media')}?${new URLSearchParams({ alt }).toString()}`;
    const response = await this.http.open('POST', path, file);
    return (await response.json()) as Picture;
  }

  describePicture(storeId: string, id: string, alt: string): Promise<Picture> {
    return this.http.request('PUT', of(storeId, 'media', id), { alt });
  }

  removePicture(storeId: string, id: string): Promise<void> {
    return this.http.request('DELETE', of(storeId, 'media', id));
  }

  async picture(storeId: string, id: string, width: number, signal?: AbortSignal): Promise<Blob> {
    const response = await this.http.open('GET', of(storeId, 'media', id, 'file') + query({ width }), undefined, { signal });
    return response.blob();
  }
}

/** What belongs to a store, as a path: a `/` in an id must not lead elsewhere. */
function of(storeId: string, ...rest: string[]): string {
  return ['stores', ...[storeId, ...rest].map(encodeURIComponent)].join('/');
}
