import type { Provisioning } from './types';

/**
 * Which of two to show: an answer that was long under way never replaces a newer one.
 *
 * Of two runs for one store the one that was asked for later counts, of one run the state that was written later.
 */
export function newest(shown: Provisioning | null, arrived: Provisioning | null): Provisioning | null {
  if (shown === null || arrived === null) return arrived ?? shown;
  const [before, after] =
    shown.id === arrived.id
      ? [shown.updated_at, arrived.updated_at]
      : [shown.requested_at ?? shown.updated_at, arrived.requested_at ?? arrived.updated_at];
  return compareTimes(after, before) >= 0 ? arrived : shown;
}

/** Times as the server writes them, to the microsecond: a Date would lose what tells two of them apart. */
export function compareTimes(a: string, b: string): number {
  const milliseconds = Date.parse(a) - Date.parse(b);
  if (milliseconds !== 0) return milliseconds;
  return micros(a).localeCompare(micros(b));
}

function micros(time: string): string {
  return (/\.(\d+)/.exec(time)?.[1] ?? '').padEnd(9, '0');
}

/** A COMPLETED, FAILED, halted or rolled back one moves again only when a person asks. */
export function isOver(p: Provisioning): boolean {
  return p.status === 'COMPLETED' || p.status === 'FAILED' || p.status === 'ROLLED_BACK' || p.halted;
}
