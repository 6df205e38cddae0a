export { DataProvider, useCanAct, useSource } from './context';
export { asDataError, DataError, type FieldError, type StoreInTheWay } from './errors';
export { isOver, newest } from './order';
export * from './platform';
export type { DataSource, ProvisioningTarget } from './source';
export * from './stores';
export * from './types';
export { useWatched, type Watched } from './useWatched';
export type { Connection, Watch, Watcher, WatchOptions } from './watching';
