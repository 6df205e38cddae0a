import { useEffect, useRef, useState } from 'react';
import { useSource, type Connection, type DataError, type DataSource, type Merchant, type MerchantCounts, type MerchantQuery, type Page, type Watch, type Watcher } from '../../data';

interface Watched<T> {
  value: T | null;
  connection: Connection;
  error: DataError | null;
  refresh(): void;
}

/** What a source sends of something that is watched. */
function useWatched<T>(key: string, begin: (source: DataSource, watcher: Watcher<T>) => Watch): Watched<T> {
  const source = useSource();
  const watch = useRef<Watch | null>(null);
  const starting = useRef(begin);
  const [state, setState] = useState<Omit<Watched<T>, 'refresh'> & { key: string }>({ key, value: null, connection: 'connecting', error: null });
  useEffect(() => {
    starting.current = begin;
  });
  useEffect(() => {
    const set = (change: Partial<Watched<T>>) => setState((before) => ({ ...before, ...change, key }));
    const started = starting.current(source, {
      onValue: (value) => set({ value, error: null }),
      onConnection: (connection) => set({ connection }),
      onError: (error) => set({ error }),
    });
    watch.current = started;
    return () => started.stop();
  }, [source, key]);
  return { ...state, refresh: () => watch.current?.refresh() };
}

/** The merchants that are looked for. While others are looked for, those of before stay in sight. */
export function useMerchants(query: MerchantQuery): Watched<Page<Merchant>> {
  return useWatched(JSON.stringify(query), (source, watcher) => source.watchMerchants(query, watcher));
}

export function useMerchantCounts(): Watched<MerchantCounts> {
  return useWatched('counts', (source, watcher) => source.watchMerchantCounts(watcher));
}
