import type { Watch, Watcher, WatchOptions } from './watching';
import type { Merchant, MerchantQuery, Page, ProvisioningSummary, SavedChoices, Category, StoreView } from './types';
import type { components } from './openapi';

type Schema = components['schemas'];

export type Customisation = Schema['Customisation'];
export type Draft = Schema['DraftView'];
export type FieldProblem = Schema['FieldProblem'];
export type Ordered = Schema['Ordered'];
export type Previewed = Schema['Previewed'];
export type Promotion = Schema['PromotionView'];
export type Release = Schema['ReleaseView'];
/** Those who hold the link of a channel see its release. */
export type Channel = Schema['ChannelView'] & { link: string | null };
export type Releases = Omit<Schema['ReleaseList'], 'channels'> & { channels: Channel[] };
export type Revision = Schema['RevisionView'];
export type StoreThemeSummary = Schema['StoreThemeSummary'];
export type Switched = Schema['SwitchView'];

/** A business that has been approved. */
export interface NewMerchant {
  name: string;
  owner_name: string | null;
  owner_email: string;
  category: Category;
  country: string;
  saved_choices: SavedChoices;
}

/** One value of a setting that has a few. */
export interface Option {
  value: string;
  label: string;
  group?: string;
}

/** A setting as its theme declares it; which fields it has hangs on its `type`. */
export interface Setting {
  type: string;
  /** Headings and paragraphs between settings have none. */
  id?: string;
  label?: string;
  info?: string;
  content?: string;
  default?: unknown;
  placeholder?: string;
  max_length?: number;
  min?: number;
  max?: number;
  step?: number;
  unit?: string;
  limit?: number;
  options?: Option[];
  contrast?: { against: string; ratio?: number }[];
  visible_if?: string;
  hidden?: boolean;
}

export interface SettingGroup {
  name: string;
  settings: Setting[];
}

/** A section of a page, or a block in one. */
export interface Section {
  type: string;
  name: string;
  settings: Setting[];
  values: Record<string, unknown>;
  /** What the values would be without anything of the store's own. */
  defaults: Record<string, unknown>;
}

/** What a store has made of a theme, and what the theme lets it choose. */
export type StoreTheme = Omit<Schema['StoreThemeView'], 'settings' | 'values' | 'sections'> & {
  settings: SettingGroup[];
  values: Record<string, unknown>;
  sections: Record<string, Section>;
  /** The values of each preset; `preset` is the one with which the theme begins. */
  preset_values: Record<string, Record<string, unknown>>;
  preset: string;
  fonts: { id: string; name: string }[];
};

/** A document with the mark of the state in which it was read. */
export interface Marked<T> {
  value: T;
  etag: string | null;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}

export interface Picture {
  id: string;
  name: string;
  alt: string;
  width: number;
  height: number;
  format: string;
  size: number;
  created_at: string;
  created_by: string;
}

/** Merchants and their stores, one at a time. Whatever can fail rejects with a `DataError`. */
export interface Stores {
  /** The same key is the same merchant, however often it is sent. */
  createMerchant(merchant: NewMerchant, key: string): Promise<Merchant>;
  watchMerchant(merchantId: string, watcher: Watcher<Merchant>, options?: WatchOptions): Watch;
  watchStore(storeId: string, watcher: Watcher<StoreView>, options?: WatchOptions): Watch;
  provisionings(storeId: string, page?: PageOf): Promise<Page<ProvisioningSummary>>;
  auditLog(subject: string, page?: PageOf): Promise<Page<AuditEntry>>;
  changePlan(storeId: string, plan: string): Promise<StoreView>;

  releases(storeId: string, page?: PageOf): Promise<Releases>;
  release(storeId: string, releaseId: string): Promise<Release>;
  /** Shows a release that is kept to whoever holds the link. */
  previewRelease(storeId: string, releaseId: string): Promise<{ channel: string; link: string; expires_at: string }>;
  publish(storeId: string): Promise<Ordered>;
  promote(storeId: string, release: string): Promise<Promotion>;
  /** To the release that was live before, or to this one of the last ten. */
  revert(storeId: string, release: string | null): Promise<Promotion>;

  themes(storeId: string): Promise<StoreThemeSummary[]>;
  theme(storeId: string, slug: string): Promise<Marked<StoreTheme>>;
  /** `etag` makes it fail where somebody else has changed the draft since it was read. */
  saveDraft(storeId: string, slug: string, chosen: Customisation, etag: string | null): Promise<Draft>;
  discardDraft(storeId: string, slug: string): Promise<void>;
  publishDraft(storeId: string, slug: string): Promise<Ordered>;
  previewTheme(storeId: string, slug: string): Promise<Previewed>;
  switchTheme(storeId: string, slug: string): Promise<Switched>;
  revisions(storeId: string, slug: string): Promise<Revision[]>;
  restoreRevision(storeId: string, slug: string, number: number): Promise<Draft>;

  pictures(storeId: string, page?: PageOf): Promise<Page<Picture>>;
  addPicture(storeId: string, file: Blob, alt: string): Promise<Picture>;
  describePicture(storeId: string, id: string, alt: string): Promise<Picture>;
  removePicture(storeId: string, id: string): Promise<void>;
  /** A file of it that is at least so wide, where there is one. */
  picture(storeId: string, id: string, width: number, signal?: AbortSignal): Promise<Blob>;
}

export type PageOf = Pick<MerchantQuery, 'cursor' | 'limit'>;
