/** Firebase's module as the tests want it: one for all of them, as the modules that import it are loaded once for all of them too. */

export interface Snapshot {
  id?: string;
  metadata: { fromCache: boolean };
  data?(): object | undefined;
}

type Tell = (found: Snapshot) => void;

/** What the database does, and who listens to it. */
export const database = {
  listeners: [] as Tell[],
  write: (): Promise<void> => Promise.resolve(),
  /** By the server alone: where there is no network this rejects. */
  read: (): Promise<unknown> => Promise.resolve(),
};

const place = () => ({});
export { place as collection, place as doc, place as query, place as where, place as orderBy, place as limit };
export const serverTimestamp = () => 'now';

export function onSnapshot(_place: unknown, ...rest: unknown[]) {
  database.listeners.push(rest.find((each) => typeof each === 'function') as Tell);
  return () => undefined;
}

export const setDoc = () => database.write();
export const getDocFromServer = () => database.read();
export const getDocsFromServer = () => database.read();
// As without a network: what is in the cache, which is nothing.
export const getDoc = () => Promise.resolve({ exists: () => false });
export const getDocs = () => Promise.resolve({ docs: [] });
