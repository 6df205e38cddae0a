/** One wrong field of what was sent. */
export interface FieldError {
  field: string;
  code: string;
  message: string;
}

/** A store because of which something cannot be done. */
export interface StoreInTheWay {
  store_id: string;
  name: string;
}

/**
 * Why something could not be had or done. `status` is HTTP's, 0 where nobody answered.
 *
 * `code` is for programs, `message` for people.
 */
export class DataError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly fields: readonly FieldError[] = [],
    /** Seconds after which to try again, where the server said so. */
    readonly retryAfter: number | null = null,
    readonly stores: readonly StoreInTheWay[] = [],
  ) {
    super(message);
    this.name = 'DataError';
  }

  /** Nobody answered, or somebody who could not: trying again may help. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export const OFFLINE = 'OFFLINE';

/** Anything that was thrown, as one of ours. */
export function asDataError(thrown: unknown): DataError {
  if (thrown instanceof DataError) return thrown;
  return new DataError(0, OFFLINE, thrown instanceof Error ? thrown.message : String(thrown));
}
