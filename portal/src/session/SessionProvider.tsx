import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Config } from '../config';
import type { Identity, User } from './identity';

interface Session {
  config: Config;
  identity: Identity;
  /** undefined: not known yet. */
  user: User | null | undefined;
  /** The session came to its end without having been ended. */
  ended: boolean;
  signOut(): void;
  /** The server refused the token. */
  refused(): void;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('Put a <SessionProvider> above this component.');
  return session;
}

interface SessionProviderProps {
  config: Config;
  identity: Identity;
  children: ReactNode;
}

export function SessionProvider({ config, identity, children }: SessionProviderProps) {
  const [user, setUser] = useState<User | null | undefined>(undefined);
  const [ended, setEnded] = useState(false);

  useEffect(
    () =>
      identity.watch((found) => {
        // A token that was renewed is the same person: nothing below has to begin anew.
        setUser((before) => (before && found && sameUser(before, found) ? before : found));
        if (found) setEnded(false);
      }),
    [identity],
  );
  const signOut = useCallback(() => void identity.signOut(), [identity]);
  const refused = useCallback(() => {
    setEnded(true);
    void identity.signOut();
  }, [identity]);
  const session = useMemo(() => ({ config, identity, user, ended, signOut, refused }), [config, identity, user, ended, signOut, refused]);
  return <SessionContext value={session}>{children}</SessionContext>;
}

function sameUser(a: User, b: User): boolean {
  return a.uid === b.uid && a.email === b.email && a.role === b.role;
}
