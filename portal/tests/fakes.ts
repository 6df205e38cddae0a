import {
  DataError,
  type ActivationRequest,
  type DataSource,
  type Durations,
  type HostAvailability,
  type Merchant,
  type Plan,
  type Provisioning,
  type ProvisioningTarget,
  type StepRecord,
  type Stores,
  type StoreView,
  type Theme,
  type Watcher,
} from '../src/data';
import { FakePlatform } from './fakePlatform';

const NAMES: [string, string, number][] = [
  ['configure_store', 'Reserve the address', 10],
  ['create_workspace', 'Make the workspace', 25],
  ['create_dashboard', 'Open the dashboard', 40],
  ['deploy_website', 'Publish the website', 60],
  ['initialize_data', 'Fill in the first data', 80],
  ['send_credentials', 'Send the welcome mail', 95],
  ['complete', 'Prove that it works', 100],
];

/** The moment at which everything here happens. */
export const NOON = Date.parse('2026-11-21T12:00:00Z');

export function at(milliseconds: number): string {
  return new Date(NOON + milliseconds).toISOString();
}

/** A run of which `done` steps are finished, each after one second. */
export function provisioning(done: number, change: Partial<Provisioning> = {}): Provisioning {
  const over = done === NAMES.length;
  const steps = NAMES.map(([name, title, percent], index): StepRecord => {
    if (index < done) return { name, title, percent, status: 'COMPLETED', attempts: 1, started_at: at(index * 1000), finished_at: at((index + 1) * 1000), error: null };
    if (index === done) return { name, title, percent, status: 'IN_PROGRESS', attempts: 1, started_at: at(index * 1000), finished_at: null, error: null };
    return { name, title, percent, status: 'PENDING', attempts: 0, started_at: null, finished_at: null, error: null };
  });
  return {
    id: 'run-1',
    kind: 'activation',
    merchant_id: 'merchant-1',
    store_id: 'store-1',
    store_name: 'Juniper & Thread',
    subdomain: 'juniper-thread',
    status: over ? 'COMPLETED' : 'IN_PROGRESS',
    halted: false,
    current_step: NAMES[done]?.[0] ?? null,
    completion_percent: NAMES[done - 1]?.[2] ?? 0,
    error: null,
    retry_count: 0,
    requested_at: at(0),
    started_at: at(0),
    completed_at: over ? at(7000) : null,
    updated_at: at(done * 1000),
    steps,
    log: NAMES.slice(0, done).map(([name, title], index) => ({ at: at((index + 1) * 1000), step: name, level: 'info', message: `${title}: done` })),
    links: over ? { website: 'http://juniper-thread.localhost:8080/', dashboard: 'http://localhost:8080/dashboard/store-1' } : {},
    receipt: over ? [{ check: 'website', ok: true, evidence: '200, 14 products' }] : [],
    delivery: over ? 'sent' : null,
    ...change,
  } as Provisioning;
}

export function failed(step: number, problem: Partial<NonNullable<Provisioning['error']>> = {}): Provisioning {
  const name = NAMES[step]?.[0] ?? '';
  const base = provisioning(step);
  return {
    ...base,
    status: 'FAILED',
    updated_at: at(step * 1000 + 500),
    error: { code: 'MAIL_REFUSED', title: 'The welcome mail was refused', detail: 'There is no such mailbox.', action: 'Correct the address and retry.', retryable: true, step: name, fields: [], ...problem },
    steps: base.steps.map((one) => (one.name === name ? { ...one, status: 'FAILED', finished_at: at(step * 1000 + 500), attempts: 4, error: 'There is no such mailbox.' } : one)),
  };
}

export const THEMES: Theme[] = [
  { slug: 'upfront-classic', name: 'Upfront Classic', description: 'Dense rows.', version: '1.0.0', active: true, preview: '/p/classic.webp', features: ['Serif headings'] },
  { slug: 'upfront-modern', name: 'Upfront Modern', description: 'Large pictures.', version: '1.0.0', active: true, preview: null, features: [] },
  { slug: 'retired', name: 'Retired', description: 'Not offered.', version: '1.0.0', active: false, preview: null, features: [] },
];

const plan = (slug: string, name: string, price: number, popular: boolean, products: number | null) =>
  ({ slug, name, description: `For ${name}`, price, currency: 'USD', billing_cycle: 'monthly', popular, active: true, position: 0, features: [], limits: { products, orders_per_month: 500, storage_gb: 5, bandwidth_gb: 50 } }) as Plan;
export const PLANS: Plan[] = [plan('starter', 'Starter', 2999, false, 100), plan('professional', 'Professional', 7999, true, 1000), plan('enterprise', 'Enterprise', 29999, false, null)];

export const DURATIONS: Durations = {
  steps: Object.fromEntries(NAMES.map(([name]) => [name, { p50: 1, p95: 2, count: 20 }])),
  total: { p50: 7, p95: 9, count: 20 },
};

/** A source whose test decides what arrives. */
export class FakeSource implements DataSource {
  readonly watchers = new Set<Watcher<Provisioning | null>>();
  readonly calls: unknown[][] = [];
  readonly requests: { merchantId: string; request: ActivationRequest; requestId: string }[] = [];
  refreshes = 0;
  /** What the next activation is answered with; by default it is accepted. */
  activation: () => Promise<{ provisioning_id: string; store_id: string }> = () => Promise.resolve({ provisioning_id: 'run-1', store_id: 'store-1' });
  schema: Record<string, unknown> = {};
  refusal: DataError | null = null;
  taken: Record<string, string[]> = {};
  earlier: ActivationRequest | null = null;
  undone = { steps: [{ step: 'configure_store', title: 'Reserve the address', what: 'frees juniper-thread' }], needs_confirmation: false };

  watchProvisioning(_target: ProvisioningTarget, watcher: Watcher<Provisioning | null>) {
    this.watchers.add(watcher);
    return { refresh: () => void this.refreshes++, stop: () => void this.watchers.delete(watcher) };
  }

  arrive(value: Provisioning | null): void {
    this.watchers.forEach((watcher) => {
      watcher.onConnection('live');
      watcher.onValue(value);
    });
  }

  private done(...call: unknown[]): Promise<void> {
    this.calls.push(call);
    return this.refusal ? Promise.reject(this.refusal) : Promise.resolve();
  }

  retry = (id: string) => this.done('retry', id);
  rollBack = (id: string, confirm: string | null) => this.done('rollBack', id, confirm);
  resendWelcome = (id: string) => this.done('resendWelcome', id);
  undo = () => Promise.resolve(this.undone);
  supportBundle = () => Promise.resolve({ id: 'run-1' });
  durations = () => Promise.resolve(DURATIONS);
  activate(merchantId: string, request: ActivationRequest, requestId: string) {
    this.requests.push({ merchantId, request, requestId });
    return this.activation();
  }
  requestSchema = () => Promise.resolve(this.schema);
  activationRequest = () => Promise.resolve(this.earlier);
  availability = (label: string): Promise<HostAvailability> => {
    const suggestions = this.taken[label];
    return Promise.resolve({
      available: !suggestions,
      hostname: `${label}.localhost`,
      reason: suggestions ? { code: 'TAKEN', message: 'is taken by another store' } : null,
      suggestions: suggestions ?? [],
    });
  };
  themes = () => Promise.resolve(THEMES);
  plans = () => Promise.resolve(PLANS);
  watchMerchants: DataSource['watchMerchants'] = () => ({ refresh: () => undefined, stop: () => undefined });
  watchMerchantCounts: DataSource['watchMerchantCounts'] = () => ({ refresh: () => undefined, stop: () => undefined });
  store = () => Promise.resolve(STORE);
  readonly stores = new FakeStores();
  readonly platform = new FakePlatform();
}

export const STORE: StoreView = {
  store_id: 'store-1', name: 'Juniper & Thread', merchant_id: 'merchant-1', owner_email: 'noor@juniper.example', status: 'READY', subdomain: 'juniper-thread',
  hostname: 'juniper-thread.localhost', category: 'fashion', sample: true, created_at: at(0), live_at: null, website: 'http://juniper-thread.localhost:8080/',
  dashboard: 'http://localhost:8080/dashboard/stores/store-1', theme: { slug: 'upfront-modern', version: '1.0.0' }, plan: { slug: 'starter', name: 'Starter' },
  deployment: null, tasks: [], checklist: [], receipt: [], provisioning: null,
};

/** What a test has not said is not there. */
export class FakeStores implements Stores {
  readonly calls: unknown[][] = [];
  /** The answers, by the name of the call; an error is thrown. */
  answers: Record<string, unknown> = {};

  private call<T>(name: string, ...given: unknown[]): Promise<T> {
    this.calls.push([name, ...given]);
    const answer = this.answers[name];
    if (answer instanceof Error) return Promise.reject(answer);
    return name in this.answers ? Promise.resolve(answer as T) : Promise.reject(new DataError(404, 'NOT_FOUND', `${name} was not expected`));
  }

  private watch<T>(name: string, watcher: Watcher<T>) {
    const tell = () => {
      const answer = this.answers[name];
      if (answer instanceof DataError) watcher.onError(answer);
      else if (answer !== undefined) watcher.onValue(answer as T);
      watcher.onConnection('live');
    };
    queueMicrotask(tell);
    return { refresh: tell, stop: () => undefined };
  }

  createMerchant = (...given: Parameters<Stores['createMerchant']>) => this.call<Merchant>('createMerchant', ...given);
  watchMerchant = (_: string, watcher: Watcher<Merchant>) => this.watch('merchant', watcher);
  watchStore = (_: string, watcher: Watcher<StoreView>) => this.watch('store', watcher);
  provisionings: Stores['provisionings'] = (...given) => this.call('provisionings', ...given);
  auditLog: Stores['auditLog'] = (...given) => this.call('auditLog', ...given);
  changePlan: Stores['changePlan'] = (...given) => this.call('changePlan', ...given);
  releases: Stores['releases'] = (...given) => this.call('releases', ...given);
  release: Stores['release'] = (...given) => this.call('release', ...given);
  previewRelease: Stores['previewRelease'] = (...given) => this.call('previewRelease', ...given);
  publish: Stores['publish'] = (...given) => this.call('publish', ...given);
  promote: Stores['promote'] = (...given) => this.call('promote', ...given);
  revert: Stores['revert'] = (...given) => this.call('revert', ...given);
  themes: Stores['themes'] = (...given) => this.call('themes', ...given);
  theme: Stores['theme'] = (...given) => this.call('theme', ...given);
  saveDraft: Stores['saveDraft'] = (...given) => this.call('saveDraft', ...given);
  discardDraft: Stores['discardDraft'] = (...given) => this.call('discardDraft', ...given);
  publishDraft: Stores['publishDraft'] = (...given) => this.call('publishDraft', ...given);
  previewTheme: Stores['previewTheme'] = (...given) => this.call('previewTheme', ...given);
  switchTheme: Stores['switchTheme'] = (...given) => this.call('switchTheme', ...given);
  revisions: Stores['revisions'] = (...given) => this.call('revisions', ...given);
  restoreRevision: Stores['restoreRevision'] = (...given) => this.call('restoreRevision', ...given);
  pictures: Stores['pictures'] = (...given) => this.call('pictures', ...given);
  addPicture: Stores['addPicture'] = (...given) => this.call('addPicture', ...given);
  describePicture: Stores['describePicture'] = (...given) => this.call('describePicture', ...given);
  removePicture: Stores['removePicture'] = (...given) => this.call('removePicture', ...given);
  picture: Stores['picture'] = (...given) => this.call('picture', ...given);
}

export const MERCHANT: Merchant = {
  id: 'merchant-1', name: 'Juniper & Thread', owner_name: 'Noor Hale', owner_email: 'noor@juniper.example', country: 'GB', status: 'PENDING', status_reason: '', category: 'fashion',
  requested_at: at(0), saved_choices: { theme: 'upfront-modern', plan: 'starter', subdomain: 'juniper-thread', category: 'fashion' }, stores: [], provisioning: null,
};
