import { configureStore } from '@reduxjs/toolkit';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/data';
import { followStore, provisioningReducer, selectJob } from '../../src/provisioning/provisioningSlice';
import { failed, FakeSource, provisioning } from '../fakes';

function follow() {
  const store = configureStore({ reducer: { provisioning: provisioningReducer } });
  const source = new FakeSource();
  const stop = followStore(store.dispatch, source, 'store-1');
  return { source, stop, job: () => selectJob(store.getState(), 'store-1') };
}

describe('the slice', () => {
  it('knows each tenant’s job, from idle to its end', () => {
    const { source, stop, job } = follow();
    expect(job()).toEqual({ status: 'loading', provisioning: null, error: null });
    source.arrive(null);
    expect(job().status).toBe('idle');
    source.arrive(provisioning(2));
    expect(job().status).toBe('loading');
    source.arrive(failed(5));
    expect(job()).toMatchObject({ status: 'failed', error: 'The welcome mail was refused' });
    source.arrive(provisioning(7, { updated_at: '2026-11-21T13:00:00Z' }));
    expect(job()).toMatchObject({ status: 'succeeded', error: null });
    stop();
    expect(source.watchers.size).toBe(0);
  });

  it('never goes back to what arrives late', () => {
    const { source, job } = follow();
    source.arrive(provisioning(7));
    source.arrive(provisioning(2));
    expect(job().status).toBe('succeeded');
  });

  it('tells why nothing arrives', () => {
    const { source, job } = follow();
    source.watchers.forEach((watcher) => watcher.onError(new DataError(403, 'NOT_ADMIN', 'You may not.')));
    expect(job()).toMatchObject({ status: 'failed', error: 'You may not.' });
  });
});
