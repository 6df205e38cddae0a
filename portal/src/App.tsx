import { useEffect, useState } from 'react';
import { readConfig, type Config } from './config';
import { pause } from './data/whenIdle';
import { identify } from './session/identify';
import type { Identity } from './session/identity';
import { RequireRole } from './session/RequireRole';
import { SessionProvider } from './session/SessionProvider';
import { Starting } from './session/Starting';
import { Broken } from './shell/Broken';
import { ToastProvider } from './ui';

// Who is not signed in needs no routes yet.
async function pages() {
  const { begin } = await import('./routes');
  await pause();
  return begin();
}

type Start = { state: 'starting' } | { state: 'broken'; why: string } | { state: 'ready'; config: Config; identity: Identity };

export function App() {
  const [start, setStart] = useState<Start>({ state: 'starting' });
  useEffect(() => {
    readConfig()
      .then(async (config) => setStart({ state: 'ready', config, identity: await identify(config) }))
      .catch((thrown: unknown) => setStart({ state: 'broken', why: thrown instanceof Error ? thrown.message : String(thrown) }));
  }, []);
  if (start.state === 'starting') return <Starting />;
  if (start.state === 'broken') return <Broken why={start.why} />;
  return (
    <SessionProvider config={start.config} identity={start.identity}>
      <ToastProvider>
        <RequireRole pages={pages} />
      </ToastProvider>
    </SessionProvider>
  );
}
