import { startTransition, useEffect, useRef, useState } from 'react';
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
  /** Why nothing arrives, and nothing will until somebody asks again. */
  error: DataError | null;
  /** Looks now; begins anew where watching has ended. */
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
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    starting.current = begin;
  });
  useEffect(() => {
    const run = { ended: false };
    const started = starting.current(source, {
      // Drawn in pieces, between which the browser answers who types or scrolls.
      onValue: (value) => startTransition(() => setState((before) => ({ ...before, key, value, of: key, error: null }))),
      // Each answer says again how it came: the same is drawn once.
      onConnection: (connection) => startTransition(() => setState((before) => (before.key === key && before.connection === connection ? before : { ...before, key, connection }))),
      onError(error) {
        run.ended = true;
        watch.current = null;
        setState((before) => ({ ...before, key, error }));
      },
    });
    if (!run.ended) watch.current = started;
    return () => started.stop();
  }, [source, key, turn]);
  const refresh = () => {
    if (watch.current) return watch.current.refresh();
    setState((before) => ({ ...before, error: null, connection: 'connecting' }));
    setTurn((last) => last + 1);
  };
  return {
    value: state.value,
    current: state.of === key,
    connection: state.connection,
    error: state.key === key ? state.error : null,
    refresh,
  };
}
