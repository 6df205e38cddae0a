import { initializeApp, type FirebaseApp } from 'firebase/app';
import {
  browserLocalPersistence,
  GoogleAuthProvider,
  indexedDBLocalPersistence,
  initializeAuth,
  isSignInWithEmailLink,
  onIdTokenChanged,
  sendSignInLinkToEmail,
  signInWithEmailLink,
  signOut,
  type Auth,
} from 'firebase/auth';
import type { FirebaseConfig } from '../config';
import { asRole, type Identity, type User } from './identity';

const ADDRESS = 'portal.sign-in-address';

/** Firebase Auth: a link by e-mail, or a Google account. Its module is loaded where the configuration names it. */
export class FirebaseIdentity implements Identity {
  readonly app: FirebaseApp;
  private readonly auth: Auth;

  constructor({ apiKey, authDomain, projectId, appId }: FirebaseConfig) {
    this.app = initializeApp({ apiKey, authDomain, projectId, appId });
    // Without the resolver of pop-ups, which loads a script of Google's: only who signs in with Google needs it.
    this.auth = initializeAuth(this.app, { persistence: [indexedDBLocalPersistence, browserLocalPersistence] });
  }

  watch(listener: (user: User | null) => void): () => void {
    return onIdTokenChanged(this.auth, (user) => {
      if (user === null) return listener(null);
      user.getIdTokenResult().then(
        ({ claims }) => listener({ uid: user.uid, email: user.email ?? '', role: asRole(claims.role) }),
        () => listener(null),
      );
    });
  }

  async token(): Promise<string | null> {
    return (await this.auth.currentUser?.getIdToken()) ?? null;
  }

  signOut(): Promise<void> {
    return signOut(this.auth);
  }

  async sendLink(email: string): Promise<void> {
    await sendSignInLinkToEmail(this.auth, email, { url: window.location.href, handleCodeInApp: true });
    localStorage.setItem(ADDRESS, email);
  }

  /** Whether this page was opened by such a link. */
  get hasLink(): boolean {
    return isSignInWithEmailLink(this.auth, window.location.href);
  }

  /** The address to which this browser had a link sent. */
  get knownAddress(): string | null {
    return localStorage.getItem(ADDRESS);
  }

  async useLink(email: string): Promise<void> {
    await signInWithEmailLink(this.auth, email, window.location.href);
    localStorage.removeItem(ADDRESS);
  }

  async withGoogle(): Promise<void> {
    const { browserPopupRedirectResolver, signInWithPopup } = await import('./google');
    await signInWithPopup(this.auth, new GoogleAuthProvider(), browserPopupRedirectResolver);
  }
}
