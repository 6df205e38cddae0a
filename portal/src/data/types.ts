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
  status: StoreStatus;
  subdomain: string | null;
  website: string | null;
  theme?: string;
  plan?: string;
}

export interface Merchant {
  id: string;
  name: string;
  owner_name?: string;
  owner_email: string;
  country?: string;
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

/** Where a store's website answers, and what it shows. */
export interface Deployment {
  hostname: string;
  addresses: Record<string, string>;
  live: string | null;
  released_at: string | null;
  previous: string | null;
  actor: string | null;
  reason: string | null;
  ssl: Record<string, unknown> | null;
  dns: Record<string, unknown> | null;
}

/** Work beyond the store itself, which hangs on facts of its own. */
export interface Task {
  name: string;
  title: string;
  status: 'WAITING' | 'IN_PROGRESS' | 'DONE' | 'FAILED';
  why: string;
  next: string;
  created_at: string;
}

/** One thing that the owner has yet to do, or has done. */
export interface ChecklistItem {
  name: string;
  title: string;
  why: string;
  done: boolean;
  minutes: number;
}

export type StoreStatus = 'CREATING' | 'READY' | 'ACTIVE' | 'SUSPENDED' | 'ARCHIVED' | 'DELETED';

/** A plan as it was sold: a later change of the plan changes nothing of it. */
export type SoldPlan = Partial<Plan>;

/** A store with what it was sold, and all that belongs to it. */
export interface StoreView {
  store_id: string;
  name: string;
  merchant_id: string;
  owner_email: string;
  status: StoreStatus;
  subdomain: string;
  hostname: string;
  category: string;
  sample: boolean;
  created_at: string;
  live_at: string | null;
  website: string;
  dashboard: string;
  theme: { slug: string; version: string };
  plan: SoldPlan;
  deployment: Deployment | null;
  tasks: Task[];
  checklist: ChecklistItem[];
  receipt: Check[];
  provisioning: ProvisioningSummary | null;
}
