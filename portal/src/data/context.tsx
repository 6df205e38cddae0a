import { createContext, useContext, useMemo, type ReactNode } from 'react';
import type { DataSource } from './source';

interface Data {
  source: DataSource;
  canAct: boolean;
}

const DataContext = createContext<Data | null>(null);

interface DataProviderProps extends Data {
  children: ReactNode;
}

/** Gives everything below it its data. `canAct` is false for those who may only look: buttons that change something stay away. */
export function DataProvider({ source, canAct, children }: DataProviderProps) {
  const data = useMemo(() => ({ source, canAct }), [source, canAct]);
  return <DataContext value={data}>{children}</DataContext>;
}

function useData(): Data {
  const data = useContext(DataContext);
  if (data === null) throw new Error('Put a <DataProvider> above this component.');
  return data;
}

export function useSource(): DataSource {
  return useData().source;
}

export function useCanAct(): boolean {
  return useData().canAct;
}
