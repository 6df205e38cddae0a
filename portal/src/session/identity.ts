import type { Role } from '../data';

export interface User {
  uid: string;
  email: string;
  /** Null for an account that may do nothing here. */
  role: Role | null;
}

/** Who is signed in, and the token that proves it. */
export interface Identity {
  /** Calls at once with who is signed in, as soon as that is known, and again whenever it changes. */
  watch(listener: (user: User | null) => void): () => void;
  token(): Promise<string | null>;
  signOut(): Promise<void>;
}

export function asRole(claim: unknown): Role | null {
  return claim === 'admin' || claim === 'support' ? claim : null;
}
