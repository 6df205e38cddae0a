import type { DocumentData } from 'firebase/firestore';
import type { Provisioning } from '../types';

/** Documents as the API shows them: times as text, nothing of the engine's own. */
export function readProvisioning(id: string, data: DocumentData): Provisioning {
  const shown = readDocument<DocumentData>(data);
  delete shown.engine;
  // A roll back that tells an error ran out of attempts.
  return { ...shown, id, halted: shown.status === 'ROLLBACK' && Boolean(shown.error) } as unknown as Provisioning;
}

/** Firestore's timestamps become text of the same moment, to the microsecond, wherever they stand. */
export function readDocument<T>(data: DocumentData): T {
  return plain(data) as T;
}

interface Moment {
  seconds: number;
  nanoseconds: number;
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (isMoment(value)) return textOf(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

function isMoment(value: object): value is Moment {
  return 'toDate' in value && 'seconds' in value && 'nanoseconds' in value;
}

function textOf({ seconds, nanoseconds }: Moment): string {
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}Z`;
}
