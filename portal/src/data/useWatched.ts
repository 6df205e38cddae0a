import { useEffect, useRef, useState } from 'react';
import { useSource } from './context';
import type { DataError } from './errors';
import type { DataSource } from './source';
import type { Connection, Watch, Watcher } from './watching';

export interface Watched<T> {
  /** The last that arrived, also of what was wanted before, until the new comes. */
  value: T | null;
  /** Whether `value` is of what is wanted now. */
  current: boolean;
  connection: Connection;
  /** Why nothing arrives and nothing will. */
  error: DataError | null;
  refresh(): void;
}

/** What a source sends of something that is watched; `key` says what is wanted. */
export function useWatched<T>(key: string, begin: (source: DataSource, watcher: Watcher<T>) => Watch): Watched<T> {
  const source = useSource();
  const watch = useRef<Watch | null>(null);
  const starting = useRef(begin);
  const [state, setState] = useState<{ key: string; value: T | null; of: string; connection: Connection; error: DataError | null }>({
    key,
    value: null,
    of: '',
    connection: 'connecting',
    error: null,
  });
  useEffect(() => {
    starting.current = begin;
  });
  useEffect(() => {
    const started = starting.current(source, {
      onValue: (value) => setState((before) => ({ ...before, key, value, of: key, error: null })),
      onConnection: (connection) => setState((before) => ({ ...before, key, connection })),
      onError: (error) => setState((before) => ({ ...before, key, error })),
    });
    watch.current = started;
    return () => started.stop();
  }, [source, key]);
  return {
    value: state.value,
    current: state.of === key,
    connection: state.connection,
    error: state.key === key ? state.error : null,
    refresh: () => watch.current?.refresh(),
  };
}
