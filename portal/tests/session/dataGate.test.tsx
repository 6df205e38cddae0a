import { render, screen, waitFor } from '@testing-library/react';
import { useEffect, type ComponentType } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { checkConfig } from '../../src/config';
import { useSource } from '../../src/data';
import type { OpenedSource } from '../../src/data/source';
import { RequireRole } from '../../src/session/RequireRole';
import { SessionProvider } from '../../src/session/SessionProvider';
import type { Identity, User } from '../../src/session/identity';
import { FakeSource } from '../fakes';

/** Pages of which the first needs the database. */
function Pages() {
  const source = useSource();
  useEffect(() => void source.themes().catch(() => undefined), [source]);
  return <p>the pages</p>;
}

let open: () => OpenedSource;
vi.mock('../../src/data/firestore/open', () => ({ openFirestore: () => open() }));
afterEach(() => void vi.restoreAllMocks());

function enter(pages: () => Promise<ComponentType> = () => Promise.resolve(Pages)) {
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
      <RequireRole pages={pages} />
    </SessionProvider>,
  );
  return { signOut: () => tell(null) };
}

it('says why the pages cannot be had', async () => {
  enter(() => Promise.reject(new Error('the pages are not for this browser')));
  expect(await screen.findByText('the pages are not for this browser')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Load again' })).toBeTruthy();
});

it('shows the pages before the database is there, and where it cannot be had', async () => {
  open = vi.fn(() => {
    throw new Error('the database is not for this portal');
  });
  enter();
  expect(await screen.findByText('the pages')).toBeTruthy();
  await waitFor(() => expect(open).toHaveBeenCalledTimes(1));
  expect(screen.getByText('the pages')).toBeTruthy();
});

it('lets go of the data of who signs out', async () => {
  const close = vi.fn();
  open = vi.fn(() => ({ source: new FakeSource(), close }));
  const { signOut } = enter();
  await screen.findByText('the pages');
  await waitFor(() => expect(open).toHaveBeenCalledTimes(1));
  expect(close).not.toHaveBeenCalled();
  signOut();
  await waitFor(() => expect(close).toHaveBeenCalledTimes(1));
});
