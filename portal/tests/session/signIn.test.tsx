import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { checkConfig } from '../../src/config';
import type { FirebaseIdentity } from '../../src/session/firebase';
import type { Identity } from '../../src/session/identity';
import { SessionProvider } from '../../src/session/SessionProvider';
import { SignInPage } from '../../src/session/SignInPage';

const FIREBASE = { apiKey: 'key', authDomain: 'auth.example.com', projectId: 'project' };

async function enter(google?: boolean) {
  const identity = { watch: () => () => undefined, token: () => Promise.resolve(null), signOut: () => Promise.resolve(), hasLink: false, knownAddress: null } satisfies Identity & Pick<FirebaseIdentity, 'hasLink' | 'knownAddress'>;
  render(
    <SessionProvider config={checkConfig({ store_domain: 'shops.example.com', firebase: google === undefined ? FIREBASE : { ...FIREBASE, google } })} identity={identity}>
      <SignInPage />
    </SessionProvider>,
  );
  await screen.findByRole('button', { name: 'Send me a link' });
  return screen.queryByRole('button', { name: 'Continue with Google' });
}

it('offers Google where the configuration says that it is allowed', async () => {
  expect(await enter(true)).not.toBeNull();
});

it('offers it nowhere else', async () => {
  expect(await enter(false)).toBeNull();
});

it('takes what is left out for no', async () => {
  expect(await enter()).toBeNull();
});
