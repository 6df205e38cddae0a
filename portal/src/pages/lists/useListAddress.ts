import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

/** What a list is asked for, as the address says it: a reload, a bookmark and a colleague see the same. */
export interface ListAddress {
  get(name: string): string | undefined;
  /** Looks for something else, from the first page on; `keep` leaves what was looked for in the browser's history. */
  set(values: Record<string, string | undefined>, keep?: 'keep'): void;
  /** From 1. */
  page: number;
  cursor: string | undefined;
  next(cursor: string): void;
  previous(): void;
}

const TRAIL = 'after';

export function useListAddress(): ListAddress {
  const [parameters, setParameters] = useSearchParams();
  const trail = useMemo(() => parameters.getAll(TRAIL).filter(Boolean), [parameters]);
  const go = useCallback(
    (to: readonly string[]) =>
      setParameters((before) => {
        const after = new URLSearchParams(before);
        after.delete(TRAIL);
        for (const cursor of to) after.append(TRAIL, cursor);
        return after;
      }),
    [setParameters],
  );
  const set = useCallback(
    (values: Record<string, string | undefined>, keep?: 'keep') =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          after.delete(TRAIL);
          for (const [name, value] of Object.entries(values)) {
            if (value) after.set(name, value);
            else after.delete(name);
          }
          return after;
        },
        { replace: keep === undefined },
      ),
    [setParameters],
  );
  return {
    get: (name) => parameters.get(name)?.trim() || undefined,
    set,
    page: trail.length + 1,
    cursor: trail.at(-1),
    next: (cursor) => go([...trail, cursor]),
    previous: () => go(trail.slice(0, -1)),
  };
}

/** The one of `values` that the address names, however it is written. */
export function oneOf<T extends string>(values: readonly T[], name: string | undefined): T | undefined {
  return values.find((value) => value.toLowerCase() === name?.toLowerCase());
}
