import { deleteApp, initializeApp, type FirebaseApp } from 'firebase/app';
import { connectFirestoreEmulator, enableNetwork, initializeFirestore, memoryLocalCache, terminate } from 'firebase/firestore';
import type { Credentials } from '../api/http';
import type { OpenedSource } from '../source';
import { FirestoreSource } from './source';

/** An emulator believes whoever says who they are. */
export interface Emulator {
  host: string;
  port: number;
  user: { uid: string; email: string; role: string | null };
}

/** Opens Firestore in the name of who is signed in at `app`, or at the emulator. */
export async function openFirestore(
  projectId: string,
  app: FirebaseApp | null,
  emulator: Emulator | null,
  api: string,
  credentials: Credentials,
  uid: () => string,
): Promise<OpenedSource> {
  // Each sign-in has an app of its own where there is no Firebase Auth: an emulator's user cannot be changed later.
  const opened = app ?? initializeApp({ projectId, apiKey: 'none' }, `portal-${crypto.randomUUID()}`);
  const db = initializeFirestore(opened, { localCache: memoryLocalCache(), ignoreUndefinedProperties: true });
  if (emulator) {
    const { uid: sub, email, role } = emulator.user;
    connectFirestoreEmulator(db, emulator.host, emulator.port, { mockUserToken: { sub, email, role } });
  }
  // It sets itself up when it is used first: here, rather than together with the first listener. This waits for no network.
  await enableNetwork(db);
  return {
    source: new FirestoreSource(db, uid, api, credentials),
    // Nothing may go on listening in the name of who has signed out. An app of one's own goes with it.
    close: () => void (app ? terminate(db) : deleteApp(opened)),
  };
}
