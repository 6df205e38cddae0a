import { useEffect, useState, type ReactNode } from 'react';
import type { Config } from '../config';
import { DataProvider, type DataSource } from '../data';
import { ApiSource } from '../data/api/source';
import type { Credentials } from '../data/api/http';
import type { Identity, User } from './identity';
import { useSession } from './SessionProvider';
import { Starting } from './Starting';

/** Gives the pages the source that the configuration names, in the name of who is signed in. */
export function DataGate({ user, children }: { user: User; children: ReactNode }) {
  const { config, identity, refused } = useSession();
  const [source, setSource] = useState<DataSource | null>(null);
  useEffect(() => {
    let wanted = true;
    const credentials = { token: () => identity.token(), refused };
    void openSource(config, identity, user, credentials).then((opened) => wanted && setSource(opened));
    return () => {
      wanted = false;
    };
  }, [config, identity, refused, user]);
  if (source === null) return <Starting />;
  return (
    <DataProvider source={source} canAct={user.role === 'admin'}>
      {children}
    </DataProvider>
  );
}

async function openSource(config: Config, identity: Identity, user: User, credentials: Credentials): Promise<DataSource> {
  if (config.data === 'api') return new ApiSource(config.api, credentials);
  const { openFirestore } = await import('../data/firestore/open');
  const emulator = config.firestore_emulator && { ...config.firestore_emulator, user };
  const app = 'app' in identity ? (identity.app as Parameters<typeof openFirestore>[1]) : null;
  return openFirestore(config.firebase?.projectId ?? 'demo-portal', app, emulator, config.api, credentials, () => user.uid);
}
