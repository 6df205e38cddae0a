import { Http } from '../data/api/http';
import { asRole, type Identity, type User } from './identity';

interface Kept extends User {
  token: string;
  expires_at: string;
}

export interface LocalAccount {
  email: string;
  role: string | null;
}

const KEY = 'portal.session';

/** The accounts of a runtime on this machine: no password, as whoever sits here owns all of it anyway. */
export class LocalIdentity implements Identity {
  private readonly listeners = new Set<(user: User | null) => void>();
  private readonly http: Http;

  constructor(api: string) {
    this.http = new Http(api, { token: () => Promise.resolve(null), refused: () => undefined });
    // Signing out in one tab is signing out.
    window.addEventListener('storage', (event) => event.key === KEY && this.tell());
  }

  accounts(signal: AbortSignal): Promise<LocalAccount[]> {
    return this.http.get<LocalAccount[] | { accounts: LocalAccount[] }>('local/accounts', { signal }).then((found) => ('accounts' in found ? found.accounts : found));
  }

  async signIn(email: string): Promise<void> {
    const kept = await this.http.request<Kept>('POST', 'local/sign-in', { email });
    localStorage.setItem(KEY, JSON.stringify(kept));
    this.tell();
  }

  watch(listener: (user: User | null) => void): () => void {
    this.listeners.add(listener);
    listener(userOf(read()));
    return () => this.listeners.delete(listener);
  }

  token(): Promise<string | null> {
    return Promise.resolve(read()?.token ?? null);
  }

  signOut(): Promise<void> {
    localStorage.removeItem(KEY);
    this.tell();
    return Promise.resolve();
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener(userOf(read())));
  }
}

function read(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null;
    return kept && Date.parse(kept.expires_at) > Date.now() ? kept : null;
  } catch {
    return null;
  }
}

function userOf(kept: Kept | null): User | null {
  return kept && { uid: kept.uid, email: kept.email, role: asRole(kept.role) };
}
