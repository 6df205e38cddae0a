/** What `/config.json` says: one build serves every environment. */
export interface Config {
  runtime: 'embedded' | 'emulators' | 'google';
  api: string;
  data: 'api' | 'firestore';
  sign_in: 'local' | 'firebase';
  store_domain: string;
  firebase: FirebaseConfig | null;
  firestore_emulator: { host: string; port: number } | null;
  faults: boolean;
}

export interface FirebaseConfig {
  apiKey: string;
  authDomain: string;
  projectId: string;
  appId?: string;
  /** Whether one may sign in with Google's pop-up, whose script the policy has to allow. */
  google: boolean;
}

/** What may be left out. */
type Written = Partial<Omit<Config, 'firebase'>> & { firebase?: (Omit<FirebaseConfig, 'google'> & { google?: boolean }) | null };

export class BadConfig extends Error {}

export async function readConfig(): Promise<Config> {
  const response = await fetch('/config.json', { cache: 'no-store' });
  if (!response.ok) throw new BadConfig(`/config.json: ${response.status}`);
  return checkConfig((await response.json()) as Written);
}

/** A configuration that would fail later, somewhere else, fails here and says what is missing. */
export function checkConfig(found: Written): Config {
  const config: Config = {
    runtime: found.runtime ?? 'google',
    api: (found.api ?? '/api/provisioning').replace(/\/$/, ''),
    data: found.data ?? 'api',
    sign_in: found.sign_in ?? 'firebase',
    store_domain: found.store_domain ?? '',
    firebase: found.firebase ? { google: false, ...found.firebase } : null,
    firestore_emulator: found.firestore_emulator ?? null,
    faults: found.faults ?? false,
  };
  if (!config.store_domain) throw new BadConfig('/config.json: store_domain is missing');
  const needsFirebase = config.sign_in === 'firebase' || (config.data === 'firestore' && !config.firestore_emulator);
  if (needsFirebase && !config.firebase) throw new BadConfig('/config.json: firebase is missing');
  return config;
}
