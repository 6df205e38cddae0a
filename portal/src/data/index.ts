export { DataProvider, useCanAct, useSource } from './context';
export { asDataError, DataError, type FieldError } from './errors';
export { isOver, newest } from './order';
export type { Connection, DataSource, ProvisioningTarget, Watch, Watcher, WatchOptions } from './source';
export * from './stores';
export * from './types';
export { useWatched, type Watched } from './useWatched';
