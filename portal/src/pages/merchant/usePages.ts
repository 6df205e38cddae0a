import { useCallback, useEffect, useState } from 'react';
import { asDataError, type DataError, type Page } from '../../data';

interface Pages<T> {
  /** null until the first page has come. */
  items: readonly T[] | null;
  error: DataError | null;
  loading: boolean;
  /** Brings the next page; null where there is none. */
  more: (() => void) | null;
  /** Begins anew, while what there is stays in sight. */
  again(): void;
}

/** A list that grows page by page; `load` must stay the same function while the same is wanted. */
export function usePages<T>(load: (cursor: string | undefined) => Promise<Page<T>>): Pages<T> {
  const [state, setState] = useState<{ of: unknown; items: readonly T[] | null; next: string | null; error: DataError | null; loading: boolean }>({
    of: load,
    items: null,
    next: null,
    error: null,
    loading: true,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    load(undefined).then(
      (page) => wanted && setState({ of: load, items: page.items, next: page.next_cursor, error: null, loading: false }),
      (thrown: unknown) => wanted && setState((before) => ({ of: load, items: before.of === load ? before.items : null, next: null, error: asDataError(thrown), loading: false })),
    );
    return () => {
      wanted = false;
    };
  }, [load, turn]);
  const again = useCallback(() => setTurn((last) => last + 1), []);
  const current = state.of === load;
  const { next } = state;
  const more = async () => {
    if (next === null || state.loading) return;
    setState((before) => ({ ...before, loading: true }));
    try {
      const page = await load(next);
      setState((before) => (before.of === load && before.next === next ? { ...before, items: [...(before.items ?? []), ...page.items], next: page.next_cursor, loading: false } : before));
    } catch (thrown) {
      setState((before) => ({ ...before, error: asDataError(thrown), loading: false }));
    }
  };
  return {
    items: current ? state.items : null,
    error: current ? state.error : null,
    loading: !current || state.loading,
    more: current && next !== null ? () => void more() : null,
    again,
  };
}
