/** What runs the platform rather than one store: its course, its catalogue, who may act, and what nobody could carry out. */
import type { components } from './openapi';
import type { Watch, Watcher, WatchOptions } from './watching';
import type { AuditEntry, Marked } from './stores';
import type { Page, Percentiles, Plan, ProvisioningStatus, ProvisioningSummary, Role, StoreStatus, Theme } from './types';

type Schema = components['schemas'];

export type StoreSummary = Schema['StoreSummary'];
export const STORE_STATUSES: readonly StoreStatus[] = ['CREATING', 'READY', 'ACTIVE', 'SUSPENDED', 'ARCHIVED', 'DELETED'];

export type DeadLetter = Schema['LetterView'];
export const LETTER_STATUSES = ['OPEN', 'REPLAYED', 'CLOSED'] as const;
export type LetterStatus = (typeof LETTER_STATUSES)[number];

export interface ProvisioningQuery {
  status?: ProvisioningStatus;
  kind?: 'activation' | 'publication';
  /** Only those that should have moved and have not. */
  stuck?: boolean;
  store_id?: string;
  merchant_id?: string;
  cursor?: string;
  limit?: number;
}

export interface StoreQuery {
  status?: StoreStatus;
  theme?: string;
  plan?: string;
  cursor?: string;
  limit?: number;
}

export interface LetterQuery {
  status: LetterStatus | 'ALL';
  cursor?: string;
  limit?: number;
}

export interface DayOfActivations {
  /** `2026-11-21`, in UTC. */
  day: string;
  completed: number;
  failed: number;
  rolled_back: number;
  /** Under way. */
  unfinished: number;
}

/** Activations that failed in the same step for the same reason. */
export interface FailureGroup {
  step: string | null;
  code: string;
  title: string;
  count: number;
  /** The newest of them. */
  example: string;
}

export interface Overview {
  stores_by_status: Partial<Record<StoreStatus, number>>;
  activations_per_day: DayOfActivations[];
  /** Of those that came to an end, between 0 and 1; null where none did. */
  success_rate: number | null;
  /** How long a store takes; null where none was finished. */
  seconds: Percentiles | null;
  failures: FailureGroup[];
  standing_still: ProvisioningSummary[];
  dead_letters: { open: number; newest: DeadLetter[] };
  /** False where there were more activations than are counted. */
  complete: boolean;
  generated_at: string;
}

/** The two collections of what merchants may choose from. */
export interface Catalogue<T> {
  read(slug: string): Promise<Marked<T>>;
  create(value: T): Promise<T>;
  /** Refused with 412 where somebody else changed it since `etag` was read. */
  replace(slug: string, value: T, etag: string | null): Promise<T>;
  /** Refused with 409 `IN_USE`, saying by which `stores`. */
  remove(slug: string): Promise<void>;
}

/** What the checker says of a line of a theme's file. */
export interface ThemeFinding {
  file: string;
  line: number;
  /** 0 where it is not known. */
  column: number;
  code: string;
  severity: 'error' | 'warning';
  message: string;
  fix: string;
}

export interface ThemeImport {
  slug: string;
  version: string;
  files: number;
  /** False in a dry run. */
  kept: boolean;
  findings: ThemeFinding[];
}

export interface User {
  uid: string;
  email: string;
  role: Role;
  disabled: boolean;
}

export interface AuditQuery {
  subject?: string;
  actor?: string;
  cursor?: string;
  limit?: number;
}

export const FAULT_KINDS = ['fail', 'refuse', 'slow', 'hang'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A step that is made to go wrong, on a local runtime. */
export interface Fault {
  step: string;
  kind: FaultKind;
  /** How often it still will; null until it is turned off. */
  times: number | null;
  seconds: number | null;
}

export interface Faults {
  faults: Fault[];
  /** Those that can be made to go wrong, in their order. */
  steps: { name: string; title: string }[];
}

/** Whatever can fail rejects with a `DataError`. */
export interface PlatformSource {
  watchOverview(days: number, watcher: Watcher<Overview>, options?: WatchOptions): Watch;
  watchProvisionings(query: ProvisioningQuery, watcher: Watcher<Page<ProvisioningSummary>>, options?: WatchOptions): Watch;
  stores(query: StoreQuery): Promise<Page<StoreSummary>>;

  themes: Catalogue<Theme>;
  plans: Catalogue<Plan>;
  /** The theme's package, as a file. */
  exportTheme(slug: string): Promise<Blob>;
  /** In a dry run it is only checked. */
  importTheme(archive: Blob, dryRun: boolean): Promise<ThemeImport>;

  watchLetters(query: LetterQuery, watcher: Watcher<Page<DeadLetter>>, options?: WatchOptions): Watch;
  letter(id: string): Promise<DeadLetter>;
  replayLetter(id: string): Promise<DeadLetter>;
  closeLetter(id: string): Promise<DeadLetter>;

  users(): Promise<User[]>;
  setRole(email: string, role: Role): Promise<User>;
  takeRole(email: string): Promise<void>;
  auditLog(query: AuditQuery): Promise<Page<AuditEntry>>;

  faults(): Promise<Faults>;
  setFaults(faults: Fault[]): Promise<Faults>;
}
