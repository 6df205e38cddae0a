import type { Firestore } from 'firebase/firestore';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError, type ActivationRequest, type Connection } from '../../src/data';
import { FirestoreSource } from '../../src/data/firestore/source';
import { database, type Snapshot } from './fakeFirestore';

vi.mock('firebase/firestore', () => import('./fakeFirestore'));

const source = new FirestoreSource({} as Firestore, () => 'me', '/api', { token: () => Promise.resolve('token'), refused: () => undefined });
const refusal = (code: string) => Object.assign(new Error(code), { code });
const never = () => new Promise<never>(() => undefined);
const tell = (found: Snapshot) => database.listeners.at(-1)?.(found);

beforeEach(() => {
  vi.useFakeTimers();
  database.listeners.length = 0;
});
afterEach(() => void vi.useRealTimers());

describe('a request that is written', () => {
  const ask = () => source.activate('merchant-1', { store_id: 'store-1' } as ActivationRequest, 'run-1').then((answer) => answer.provisioning_id, (error: DataError) => error);

  it('is not waited for without end where there is no network', async () => {
    database.write = never;
    database.read = never;
    const answer = ask();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await answer).toMatchObject({ status: 0, code: 'OFFLINE' });
    expect(((await answer) as DataError).passing).toBe(true);
  });

  it('has arrived where a second try is refused as it is there', async () => {
    database.write = () => Promise.reject(refusal('permission-denied'));
    database.read = () => Promise.resolve({ exists: () => true });
    expect(await ask()).toBe('run-1');
  });

  it('is refused where it is not there', async () => {
    database.write = () => Promise.reject(refusal('permission-denied'));
    database.read = () => Promise.resolve({ exists: () => false });
    expect(await ask()).toMatchObject({ status: 403 });
  });
});

describe('what is read once', () => {
  it('is refused rather than empty where there is no network', async () => {
    database.read = () => Promise.reject(refusal('unavailable'));
    const passing = (error: DataError) => error.passing;
    expect(await source.themes().catch(passing)).toBe(true);
    expect(await source.plans().catch(passing)).toBe(true);
    expect(await source.activationRequest('run-1').catch(passing)).toBe(true);
  });
});

describe('a connection to the database', () => {
  const kept: Snapshot = { id: 'run-1', metadata: { fromCache: true }, data: () => ({ status: 'IN_PROGRESS' }) };
  const heard: Snapshot = { ...kept, metadata: { fromCache: false } };
  let connections: Connection[];
  let values: unknown[];
  const watch = () => {
    connections = [];
    values = [];
    return source.watchProvisioning({ provisioningId: 'run-1' }, { onValue: (value) => values.push(value), onConnection: (one) => connections.push(one), onError: () => undefined });
  };

  it('is not lost before it was there', () => {
    const { stop } = watch();
    tell(kept);
    expect(values).toHaveLength(1);
    expect(connections.at(-1)).toBe('connecting');
    tell(heard);
    expect(connections.at(-1)).toBe('live');
    vi.advanceTimersByTime(60_000);
    expect(connections).not.toContain('offline');
    tell(kept);
    expect(connections.at(-1)).toBe('offline');
    tell(heard);
    expect(connections.at(-1)).toBe('live');
    stop();
  });

  it('that does not come about is none', () => {
    const { stop } = watch();
    vi.advanceTimersByTime(15_000);
    expect(connections.at(-1)).toBe('offline');
    tell(kept);
    expect(connections.at(-1)).toBe('offline');
    stop();
  });

  it('is waited for by nobody who has gone', () => {
    watch().stop();
    vi.advanceTimersByTime(60_000);
    expect(connections).toEqual(['connecting']);
  });
});
