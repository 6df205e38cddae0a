/** What signing in with Google needs beyond the rest of Firebase Auth: loaded when somebody does. */
export { browserPopupRedirectResolver, signInWithPopup } from 'firebase/auth';
