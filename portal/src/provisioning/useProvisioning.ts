import { useMemo, useState, useSyncExternalStore } from 'react';
import { asDataError, useCanAct, useSource, type Connection, type DataError, type Provisioning, type ProvisioningTarget } from '../data';
import { feedOf } from './feeds';
import { actionsFor, type Action } from './state';

export interface UseProvisioningOptions {
  /** Follow it as it changes (the default), or look once. */
  autoRefresh?: boolean;
  /** Milliseconds between two looks where nothing can be pushed. */
  refreshInterval?: number;
}

export interface UseProvisioning {
  /** null where the store has none, also while that is not known: see `loading`. */
  provisioning: Provisioning | null;
  loading: boolean;
  /** How it arrives. While `offline`, what is shown is of `heardAt`. */
  connection: Connection;
  heardAt: number | null;
  /** Why nothing arrives and nothing will. */
  error: DataError | null;
  /** What this person can do about it now. */
  actions: readonly Action[];
  /** What is being done. */
  pending: Action | null;
  /** Why the last action did not work. */
  failure: DataError | null;
  retry(): Promise<boolean>;
  /** `confirm` is the subdomain, where it is COMPLETED. */
  rollBack(confirm?: string | null): Promise<boolean>;
  resendWelcome(): Promise<boolean>;
  /** Look now. */
  refresh(): void;
  /** Milliseconds by which this machine's clock is ahead of the server's. */
  clockAhead: number;
}

/**
 * The newest provisioning of a store, live, and what can be done about it. Also before there is one.
 *
 * Everything is derived from the last whole document that arrived. Any number of components may use it for one store: they share a
 * connection.
 */
export function useProvisioning(
  store: string | ProvisioningTarget,
  { autoRefresh = true, refreshInterval = 5_000 }: UseProvisioningOptions = {},
): UseProvisioning {
  const source = useSource();
  const canAct = useCanAct();
  const key = typeof store === 'string' ? JSON.stringify({ storeId: store }) : JSON.stringify(store);
  const feed = useMemo(
    () => feedOf(source, JSON.parse(key) as ProvisioningTarget, { autoRefresh, refreshInterval }),
    [source, key, autoRefresh, refreshInterval],
  );
  const { provisioning = null, connection, heardAt, error, ahead } = useSyncExternalStore(feed.subscribe, feed.get);
  const known = feed.get().provisioning !== undefined;
  const [doing, setDoing] = useState<{ pending: Action | null; failure: DataError | null }>({ pending: null, failure: null });

  const act = async (action: Action, deed: (id: string) => Promise<void>): Promise<boolean> => {
    if (provisioning === null || doing.pending !== null) return false;
    setDoing({ pending: action, failure: null });
    try {
      await deed(provisioning.id);
      setDoing({ pending: null, failure: null });
      return true;
    } catch (thrown) {
      setDoing({ pending: null, failure: asDataError(thrown) });
      return false;
    } finally {
      // Also where it was refused: somebody else was quicker, say.
      feed.refresh();
    }
  };

  return {
    provisioning,
    loading: !known && error === null,
    connection,
    heardAt,
    error,
    actions: provisioning ? actionsFor(provisioning).filter((action) => canAct || action === 'supportBundle') : [],
    pending: doing.pending,
    failure: doing.failure,
    retry: () => act('retry', (id) => source.retry(id)),
    rollBack: (confirm = null) => act('rollBack', (id) => source.rollBack(id, confirm)),
    resendWelcome: () => act('resendWelcome', (id) => source.resendWelcome(id)),
    refresh: feed.refresh,
    // Clocks of two machines differ by a little, always; and nobody sees a tenth of a second.
    clockAhead: ahead !== null && Math.abs(ahead) > 1_500 ? ahead : 0,
  };
}
