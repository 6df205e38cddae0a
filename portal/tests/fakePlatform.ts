import { DataError, type AuditQuery, type Catalogue, type DeadLetter, type Fault, type Faults, type LetterQuery, type Overview, type Page, type Plan, type PlatformSource, type ProvisioningQuery, type ProvisioningSummary, type Role, type StoreQuery, type StoreSummary, type Theme, type ThemeImport, type User, type Watcher } from '../src/data';

/** What a test has not said is empty; what is called is kept. */
export class FakePlatform implements PlatformSource {
  readonly calls: unknown[][] = [];
  /** Thrown by the next deed; who only looks does not meet it. */
  refusal: DataError | null = null;
  /** What is watched from now on is not answered. */
  silent = false;
  overview: Overview | null = null;
  provisionings: Page<ProvisioningSummary> = { items: [], next_cursor: null };
  letters: DeadLetter[] = [];
  people: User[] = [];
  entries: { theme: Theme | null; plan: Plan | null } = { theme: null, plan: null };
  checked: ThemeImport | null = null;
  switched: Faults = { faults: [], steps: [{ name: 'deploy_website', title: 'Publish the website' }, { name: 'send_credentials', title: 'Send the welcome mail' }] };
  store: StoreSummary[] = [];

  private async done<T>(answer: T, ...call: unknown[]): Promise<T> {
    this.calls.push(call);
    const refusal = this.refusal;
    this.refusal = null;
    if (refusal) throw refusal;
    return answer;
  }

  private watch<T>(value: () => T, watcher: Watcher<T>, ...call: unknown[]) {
    const tell = () => {
      watcher.onConnection('polling');
      watcher.onValue(value());
    };
    this.calls.push(call);
    if (!this.silent) queueMicrotask(tell);
    return { refresh: tell, stop: () => undefined };
  }

  watchOverview = (days: number, watcher: Watcher<Overview>) =>
    this.watch(() => {
      if (!this.overview) throw new Error('say what the overview is');
      return this.overview;
    }, watcher, 'overview', days);
  watchProvisionings = (query: ProvisioningQuery, watcher: Watcher<Page<ProvisioningSummary>>) => this.watch(() => this.provisionings, watcher, 'provisionings', query);
  watchLetters = (query: LetterQuery, watcher: Watcher<Page<DeadLetter>>) => this.watch(() => ({ items: this.letters, next_cursor: null }), watcher, 'letters', query);
  stores = (query: StoreQuery) => {
    this.calls.push(['stores', query]);
    return Promise.resolve({ items: this.store, next_cursor: null });
  };
  themes: Catalogue<Theme> = this.catalogue<Theme>('theme');
  plans: Catalogue<Plan> = this.catalogue<Plan>('plan');
  exportTheme = (slug: string) => this.done(new Blob(['zip']), 'exportTheme', slug);
  importTheme = (_: Blob, dryRun: boolean) => {
    if (!this.checked) throw new Error('say what the checker finds');
    return this.done({ ...this.checked, kept: !dryRun }, 'importTheme', dryRun);
  };
  letter = (id: string) => {
    const found = this.letters.find((one) => one.id === id);
    return found ? Promise.resolve(found) : Promise.reject(new DataError(404, 'NOT_FOUND', 'there is none with this id'));
  };
  replayLetter = (id: string) => this.done(this.letters[0] as DeadLetter, 'replay', id);
  closeLetter = (id: string) => this.done(this.letters[0] as DeadLetter, 'close', id);
  users = () => Promise.resolve(this.people);
  setRole = (email: string, role: Role) => this.done({ uid: email, email, role, disabled: false }, 'setRole', email, role);
  takeRole = (email: string) => this.done(undefined, 'takeRole', email);
  auditLog = (query: AuditQuery) =>
    this.done(
      { items: [{ id: 'a1', at: '2026-11-21T12:00:00Z', actor: 'admin:u1', action: 'plan.deleted', subject: 'plans/old', detail: { why: 'nobody has it' } }], next_cursor: 'next' },
      'auditLog',
      query,
    );
  faults = () => Promise.resolve(this.switched);
  setFaults = async (faults: Fault[]) => {
    const answer = await this.done({ ...this.switched, faults }, 'setFaults', faults);
    this.switched = answer;
    return answer;
  };

  private catalogue<T>(noun: 'theme' | 'plan'): Catalogue<T> {
    return {
      read: () => Promise.resolve({ value: this.entries[noun] as T, etag: '"7"' }),
      create: (value) => this.done(value, 'create', noun, value),
      replace: (slug, value, etag) => this.done(value, 'replace', noun, slug, value, etag),
      remove: (slug) => this.done(undefined, 'remove', noun, slug),
    };
  }
}

export const LETTER: DeadLetter = {
  id: 'l1', status: 'OPEN', code: 'UNAVAILABLE', title: 'It did not work after four attempts', action: 'Retry when it answers again.',
  provisioning_id: 'run-1', step: 'send_credentials', replayable: true, filed_at: '2026-11-21T12:00:00Z', closed_at: null, closed_by: null,
};

export const OVERVIEW: Overview = {
  stores_by_status: { CREATING: 1, READY: 2, ACTIVE: 5, SUSPENDED: 0, ARCHIVED: 0, DELETED: 0 },
  activations_per_day: [
    { day: '2026-11-20', completed: 4, failed: 0, rolled_back: 0, unfinished: 0 },
    { day: '2026-11-21', completed: 3, failed: 2, rolled_back: 1, unfinished: 1 },
  ],
  success_rate: 0.7,
  seconds: { p50: 1.4, p95: 3.2, count: 7 },
  failures: [{ step: 'send_credentials', code: 'MAIL_REFUSED', title: 'The welcome mail was refused', count: 2, example: 'run-9' }],
  standing_still: [],
  dead_letters: { open: 1, newest: [LETTER] },
  complete: true,
  generated_at: '2026-11-21T12:00:00Z',
};
