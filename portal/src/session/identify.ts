import type { Config } from '../config';
import type { Identity } from './identity';

/** The identity that the configuration names. Firebase's SDK is loaded only where it is used. */
export async function identify(config: Config): Promise<Identity> {
  if (config.sign_in === 'local' || config.firebase === null) {
    const { LocalIdentity } = await import('./local');
    return new LocalIdentity(config.api);
  }
  const { FirebaseIdentity } = await import('./firebase');
  return new FirebaseIdentity(config.firebase);
}
