import type { DataError } from './errors';

/**
 * How what is shown came here: `live` is pushed, `polling` is asked for again and again, `offline` is neither, so that
 * what is shown may be old.
 */
export type Connection = 'connecting' | 'live' | 'polling' | 'offline';

export interface Watcher<T> {
  /** The whole value, each time it changes. Never a part of it, so nothing is lost or doubled when a connection is made anew. */
  onValue(value: T): void;
  onConnection(connection: Connection): void;
  /** It will not come: not allowed, or no such thing. Watching has ended. */
  onError(error: DataError): void;
}

export interface Watch {
  /** Look now, without waiting for the next moment to do so. */
  refresh(): void;
  stop(): void;
}

export interface WatchOptions {
  /** Milliseconds between two looks where nothing is pushed. */
  interval?: number;
}
