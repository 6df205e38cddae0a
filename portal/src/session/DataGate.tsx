import { useEffect, useState, type ComponentType } from 'react';
import type { Config } from '../config';
import { DataProvider, type DataSource } from '../data';
import { ApiSource } from '../data/api/source';
import type { Credentials } from '../data/api/http';
import { openLate } from '../data/firestore/late';
import type { OpenedSource } from '../data/source';
import { pause } from '../data/whenIdle';
import { Breakdown } from '../shell/Breakdown';
import type { Identity, User } from './identity';
import { useSession } from './SessionProvider';
import { Starting } from './Starting';

type State = { is: 'opening' } | { is: 'open'; source: DataSource; Pages: ComponentType } | { is: 'broken'; error: unknown };

interface DataGateProps {
  user: User;
  /** Loads the pages. Not by React's `lazy`: what that has loaded is shown 300 ms after its fallback was, and no sooner. */
  pages(): Promise<ComponentType>;
}

/** The pages, with the source that the configuration names, in the name of who is signed in. */
export function DataGate({ user, pages }: DataGateProps) {
  const { config, identity, refused } = useSession();
  const [state, setState] = useState<State>({ is: 'opening' });
  useEffect(() => {
    let wanted = true;
    const { source, close } = openSource(config, identity, user, { token: () => identity.token(), refused });
    pages().then(
      (Pages) => wanted && setState({ is: 'open', source, Pages }),
      (error: unknown) => wanted && setState({ is: 'broken', error }),
    );
    return () => {
      wanted = false;
      close();
    };
  }, [config, identity, refused, user, pages]);
  if (state.is === 'opening') return <Starting />;
  // The router, whose pages say what has crashed, is not there yet.
  if (state.is === 'broken') {
    return (
      <main>
        <Breakdown error={state.error} />
      </main>
    );
  }
  const { source, Pages } = state;
  return (
    <DataProvider source={source} canAct={user.role === 'admin'}>
      <Pages />
    </DataProvider>
  );
}

function openSource(config: Config, identity: Identity, user: User, credentials: Credentials): OpenedSource {
  if (config.data === 'api') return { source: new ApiSource(config.api, credentials), close: () => undefined };
  const open = async () => {
    const { openFirestore } = await import('../data/firestore/open');
    await pause();
    const emulator = config.firestore_emulator && { ...config.firestore_emulator, user };
    const app = 'app' in identity ? (identity.app as Parameters<typeof openFirestore>[1]) : null;
    return openFirestore(config.firebase?.projectId ?? 'demo-portal', app, emulator, config.api, credentials, () => user.uid);
  };
  return openLate(open, config.api, credentials);
}
