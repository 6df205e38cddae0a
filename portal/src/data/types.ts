/** The words of the domain, as components use them. Where the OpenAPI document knows a shape, this is that shape. */
import type { components } from './openapi';

type Schema = components['schemas'];

export type Provisioning = Schema['ProvisioningView'];
export type ProvisioningSummary = Schema['ProvisioningSummary'];
export type ProvisioningStatus = Provisioning['status'];
export type StepRecord = Schema['StepRecord'];
export type StepStatus = NonNullable<StepRecord['status']>;
export type Problem = Schema['Problem'];
export type LogEntry = Schema['LogEntry'];
export type Theme = Schema['ThemeEntry'];
export type Plan = Schema['Plan'];
export type HostAvailability = Schema['HostAvailability'];
export type Activated = Schema['Activated'];

/** What the last step saw when it behaved like a shopper and like the owner. */
export interface Check {
  check: string;
  ok: boolean;
  evidence: string;
}

/** What is asked for: the body of an activation, and the document `activation_requests/{id}` but for what is known to the source. */
export interface ActivationRequest {
  store_id: string;
  store_name: string;
  owner_email: string;
  theme: string;
  plan: string;
  subdomain: string;
  custom_domain: string | null;
  category: Category;
  integrations: Record<Integration, boolean>;
  launch: 'after_onboarding' | 'immediately';
}

export const CATEGORIES = ['electronics', 'fashion', 'home', 'beauty', 'general'] as const;
export type Category = (typeof CATEGORIES)[number];
export const INTEGRATIONS = ['stripe', 'paypal', 'meta_ads', 'analytics'] as const;
export type Integration = (typeof INTEGRATIONS)[number];

export const MERCHANT_STATUSES = ['PENDING', 'ACTIVE', 'FAILED', 'SUSPENDED'] as const;
export type MerchantStatus = (typeof MERCHANT_STATUSES)[number];

/** What was chosen at sign-up. */
export interface SavedChoices {
  theme?: string | null;
  plan?: string | null;
  subdomain?: string | null;
  category?: Category | null;
}

export interface MerchantStore {
  store_id: string;
  store_name: string;
  status: string;
  subdomain: string | null;
  website: string | null;
}

export interface Merchant {
  id: string;
  name: string;
  owner_email: string;
  status: MerchantStatus;
  status_reason?: string;
  category: Category | null;
  requested_at: string | null;
  saved_choices: SavedChoices;
  stores: MerchantStore[];
  provisioning: ProvisioningSummary | null;
}

export interface MerchantQuery {
  status?: MerchantStatus;
  q?: string;
  sort?: string;
  cursor?: string;
  limit?: number;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface MerchantCounts {
  all: number;
  pending: number;
  active: number;
  failed: number;
  suspended: number;
}

/** What a roll back would undo, the last done first. */
export interface Undo {
  steps: { step: string; title: string; what: string }[];
  needs_confirmation: boolean;
}

export interface Percentiles {
  p50: number;
  p95: number;
  count: number;
}

/** How long it took lately, in seconds. */
export interface Durations {
  steps: Record<string, Percentiles>;
  total: Percentiles | null;
}

/** A JSON schema (2020-12), with the sentence that goes with each of its rules. */
export type RequestSchema = Record<string, unknown>;

export type Role = 'admin' | 'support';

/** A store with what it was sold. */
export interface StoreView {
  store_id: string;
  name: string;
  status: string;
  subdomain: string;
  website: string;
  dashboard: string;
  theme: { slug: string; version: string };
  plan: { slug?: string; name?: string; price?: number; currency?: string; billing_cycle?: string };
  launch?: string;
}
