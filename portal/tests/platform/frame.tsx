import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router';
import { checkConfig } from '../../src/config';
import { DataProvider } from '../../src/data';
import type { Identity, User } from '../../src/session/identity';
import { SessionProvider } from '../../src/session/SessionProvider';
import { ToastProvider } from '../../src/ui';
import { FakeSource } from '../fakes';

interface Frame {
  source: FakeSource;
  canAct?: boolean;
  at?: string;
  faults?: boolean;
}

/** Shows a page as the portal does, to an administrator unless it is said otherwise. */
export function show(page: ReactNode, { source, canAct = true, at = '/', faults = true }: Frame) {
  const user: User = { uid: 'me', email: 'me@example.com', role: canAct ? 'admin' : 'support' };
  const identity = {
    watch(tell: (user: User) => void) {
      queueMicrotask(() => tell(user));
      return () => undefined;
    },
    token: () => Promise.resolve('token'),
    signOut: () => Promise.resolve(),
  } as unknown as Identity;
  const config = checkConfig({ runtime: 'embedded', data: 'api', sign_in: 'local', store_domain: 'localhost', faults });
  return render(
    <MemoryRouter initialEntries={[at]}>
      <SessionProvider config={config} identity={identity}>
        <ToastProvider>
          <DataProvider source={source} canAct={canAct}>
            {page}
            <Address />
          </DataProvider>
        </ToastProvider>
      </SessionProvider>
    </MemoryRouter>,
  );
}

function Address() {
  const { pathname, search } = useLocation();
  return <output data-testid="address">{pathname + search}</output>;
}
