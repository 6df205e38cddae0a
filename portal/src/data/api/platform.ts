import type {
  AuditQuery,
  Catalogue,
  DeadLetter,
  Fault,
  Faults,
  LetterQuery,
  Overview,
  PlatformSource,
  ProvisioningQuery,
  StoreQuery,
  StoreSummary,
  ThemeImport,
  User,
} from '../platform';
import type { AuditEntry } from '../stores';
import type { Watch, Watcher, WatchOptions } from '../watching';
import type { Page, Plan, ProvisioningSummary, Role, Theme } from '../types';
import { poll } from './follow';
import { query, type Http } from './http';

/** What an overview is made of changes slowly, and costs more than a list. */
const OVERVIEW_MS = 15_000;
const ARCHIVE = 'application/zip';

/** The platform from the admin API. */
export class ApiPlatform implements PlatformSource {
  readonly themes: Catalogue<Theme>;
  readonly plans: Catalogue<Plan>;

  constructor(private readonly http: Http) {
    this.themes = catalogue(http, 'themes');
    this.plans = catalogue(http, 'plans');
  }

  watchOverview(days: number, watcher: Watcher<Overview>, options: WatchOptions = {}): Watch {
    return poll((signal) => this.http.get<Overview>(`overview${query({ days })}`, { signal }), watcher, options.interval ?? OVERVIEW_MS);
  }

  watchProvisionings(wanted: ProvisioningQuery, watcher: Watcher<Page<ProvisioningSummary>>, options: WatchOptions = {}): Watch {
    const { stuck, ...rest } = wanted;
    const path = `provisionings${query({ ...rest, stuck: stuck ? 'true' : undefined })}`;
    return poll((signal) => this.http.get<Page<ProvisioningSummary>>(path, { signal }), watcher, options.interval);
  }

  stores(wanted: StoreQuery): Promise<Page<StoreSummary>> {
    return this.http.get(`stores${query({ ...wanted })}`);
  }

  async exportTheme(slug: string): Promise<Blob> {
    const response = await this.http.open('GET', `themes/${id(slug)}/export`);
    return response.blob();
  }

  importTheme(archive: Blob, dryRun: boolean): Promise<ThemeImport> {
    const file = archive.type === ARCHIVE ? archive : archive.slice(0, archive.size, ARCHIVE);
    return this.http.request('POST', `themes/import${query({ dry_run: dryRun ? 'true' : undefined })}`, file);
  }

  watchLetters(wanted: LetterQuery, watcher: Watcher<Page<DeadLetter>>, options: WatchOptions = {}): Watch {
    return poll((signal) => this.http.get<Page<DeadLetter>>(`dead-letters${query({ ...wanted })}`, { signal }), watcher, options.interval);
  }

  letter(letterId: string): Promise<DeadLetter> {
    return this.http.get(`dead-letters/${id(letterId)}`);
  }

  replayLetter(letterId: string): Promise<DeadLetter> {
    return this.http.request('POST', `dead-letters/${id(letterId)}/replay`);
  }

  closeLetter(letterId: string): Promise<DeadLetter> {
    return this.http.request('POST', `dead-letters/${id(letterId)}/close`);
  }

  async users(): Promise<User[]> {
    return (await this.http.get<{ users: User[] }>('users')).users;
  }

  setRole(email: string, role: Role): Promise<User> {
    return this.http.request('PUT', `users/${id(email)}`, { role });
  }

  async takeRole(email: string): Promise<void> {
    await this.http.request('DELETE', `users/${id(email)}/role`);
  }

  async auditLog(wanted: AuditQuery): Promise<Page<AuditEntry>> {
    const page = await this.http.get<{ entries: AuditEntry[]; next_cursor: string | null }>(`audit-log${query({ ...wanted })}`);
    return { items: page.entries, next_cursor: page.next_cursor };
  }

  faults(): Promise<Faults> {
    return this.http.get('local/faults');
  }

  setFaults(faults: Fault[]): Promise<Faults> {
    return this.http.request('PUT', 'local/faults', { faults });
  }
}

function catalogue<T>(http: Http, name: 'themes' | 'plans'): Catalogue<T> {
  return {
    async read(slug) {
      const response = await http.open('GET', `${name}/${id(slug)}`);
      return { value: (await response.json()) as T, etag: response.headers.get('ETag') };
    },
    create: (value) => http.request('POST', name, value),
    replace: (slug, value, etag) => http.request('PUT', `${name}/${id(slug)}`, value, etag === null ? {} : { headers: { 'If-Match': etag } }),
    async remove(slug) {
      await http.request('DELETE', `${name}/${id(slug)}`);
    },
  };
}

/** An id as a part of a path: a `/` in it must not lead elsewhere. */
function id(text: string): string {
  return encodeURIComponent(text);
}
