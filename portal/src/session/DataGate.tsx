import { useEffect, useState, type ReactNode } from 'react';
import type { Config } from '../config';
import { DataProvider, type DataSource } from '../data';
import { ApiSource } from '../data/api/source';
import type { Credentials } from '../data/api/http';
import type { OpenedSource } from '../data/source';
import { Breakdown } from '../shell/Breakdown';
import type { Identity, User } from './identity';
import { useSession } from './SessionProvider';
import { Starting } from './Starting';

type State = { is: 'opening' } | { is: 'open'; source: DataSource } | { is: 'broken'; error: unknown };

/** Gives the pages the source that the configuration names, in the name of who is signed in. */
export function DataGate({ user, children }: { user: User; children: ReactNode }) {
  const { config, identity, refused } = useSession();
  const [state, setState] = useState<State>({ is: 'opening' });
  useEffect(() => {
    let wanted = true;
    let close = (): void => undefined;
    const credentials = { token: () => identity.token(), refused };
    openSource(config, identity, user, credentials).then(
      (opened) => {
        if (!wanted) return opened.close();
        close = opened.close;
        setState({ is: 'open', source: opened.source });
      },
      (error: unknown) => wanted && setState({ is: 'broken', error }),
    );
    return () => {
      wanted = false;
      close();
    };
  }, [config, identity, refused, user]);
  if (state.is === 'opening') return <Starting />;
  // The router, whose pages say what has crashed, is not there yet.
  if (state.is === 'broken') {
    return (
      <main>
        <Breakdown error={state.error} />
      </main>
    );
  }
  return (
    <DataProvider source={state.source} canAct={user.role === 'admin'}>
      {children}
    </DataProvider>
  );
}

async function openSource(config: Config, identity: Identity, user: User, credentials: Credentials): Promise<OpenedSource> {
  if (config.data === 'api') return { source: new ApiSource(config.api, credentials), close: () => undefined };
  const { openFirestore } = await import('../data/firestore/open');
  const emulator = config.firestore_emulator && { ...config.firestore_emulator, user };
  const app = 'app' in identity ? (identity.app as Parameters<typeof openFirestore>[1]) : null;
  return openFirestore(config.firebase?.projectId ?? 'demo-portal', app, emulator, config.api, credentials, () => user.uid);
}
