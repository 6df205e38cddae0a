import { render, screen, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { checkConfig } from '../../src/config';
import type { OpenedSource } from '../../src/data/source';
import { RequireRole } from '../../src/session/RequireRole';
import { SessionProvider } from '../../src/session/SessionProvider';
import type { Identity, User } from '../../src/session/identity';
import { FakeSource } from '../fakes';

let open: () => OpenedSource;
vi.mock('../../src/data/firestore/open', () => ({ openFirestore: () => open() }));
afterEach(() => void vi.restoreAllMocks());

function enter() {
  let tell: (user: User | null) => void = () => undefined;
  const identity = {
    watch(listener: typeof tell) {
      tell = listener;
      queueMicrotask(() => tell({ uid: 'me', email: 'me@example.com', role: 'admin' }));
      return () => undefined;
    },
    token: () => Promise.resolve('token'),
    signOut: () => Promise.resolve(),
    accounts: () => Promise.resolve([]),
  } satisfies Identity & { accounts(): Promise<[]> };
  const config = checkConfig({ runtime: 'emulators', data: 'firestore', sign_in: 'local', store_domain: 'localhost', firestore_emulator: { host: 'localhost', port: 8081 } });
  render(
    <SessionProvider config={config} identity={identity}>
      <RequireRole>
        <p>the pages</p>
      </RequireRole>
    </SessionProvider>,
  );
  return { signOut: () => tell(null) };
}

it('says why the data cannot be had', async () => {
  open = () => {
    throw new Error('the database is not for this portal');
  };
  enter();
  expect(await screen.findByText('the database is not for this portal')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Load again' })).toBeTruthy();
  expect(screen.queryByText('the pages')).toBeNull();
});

it('lets go of the data of who signs out', async () => {
  const close = vi.fn();
  open = () => ({ source: new FakeSource(), close });
  const { signOut } = enter();
  await screen.findByText('the pages');
  expect(close).not.toHaveBeenCalled();
  signOut();
  await waitFor(() => expect(close).toHaveBeenCalledTimes(1));
});
