import { useCallback, useEffect, useState } from 'react';
import { asDataError, type DataError } from '../data';

interface Loaded<T> {
  value: T | null;
  error: DataError | null;
  again(): void;
}

/** What `load` brings, once; `load` must stay the same function while the same is wanted. */
export function useLoaded<T>(load: (() => Promise<T>) | null): Loaded<T> {
  const [state, setState] = useState<{ of: unknown; value: T | null; error: DataError | null }>({ of: null, value: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (load === null) return;
    let wanted = true;
    load().then(
      (value) => wanted && setState({ of: load, value, error: null }),
      (thrown: unknown) => wanted && setState({ of: load, value: null, error: asDataError(thrown) }),
    );
    return () => {
      wanted = false;
    };
  }, [load, turn]);
  const again = useCallback(() => setTurn((last) => last + 1), []);
  const current = state.of === load;
  return { value: current ? state.value : null, error: current ? state.error : null, again };
}
