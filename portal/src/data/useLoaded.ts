import { useCallback, useEffect, useState } from 'react';
import { asDataError, type DataError } from './errors';

interface Loaded<T> {
  value: T | null;
  error: DataError | null;
  /** Whether it is on its way, the first time or anew; what was there before stays meanwhile. */
  loading: boolean;
  again(): void;
}

/** What `load` brings, once; `load` must stay the same function while the same is wanted. */
export function useLoaded<T>(load: (() => Promise<T>) | null): Loaded<T> {
  const [state, setState] = useState<{ of: unknown; turn: number; value: T | null; error: DataError | null }>({ of: null, turn: 0, value: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (load === null) return;
    let wanted = true;
    load().then(
      (value) => wanted && setState({ of: load, turn, value, error: null }),
      (thrown: unknown) => wanted && setState({ of: load, turn, value: null, error: asDataError(thrown) }),
    );
    return () => {
      wanted = false;
    };
  }, [load, turn]);
  const again = useCallback(() => setTurn((last) => last + 1), []);
  const current = state.of === load;
  return { value: current ? state.value : null, error: current ? state.error : null, loading: load !== null && !(current && state.turn === turn), again };
}
