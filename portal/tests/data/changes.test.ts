import type { DocumentReference } from 'firebase/firestore';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withChanges } from '../../src/data/firestore/changes';
import { database } from './fakeFirestore';

vi.mock('firebase/firestore', () => import('./fakeFirestore'));

const place = { type: 'document' } as DocumentReference;
const change = () => database.listeners[0]?.({ metadata: { fromCache: false } });

beforeEach(() => {
  vi.useFakeTimers();
  database.listeners.length = 0;
});
afterEach(() => void vi.useRealTimers());

it('looks once more when the listener has begun: something may have changed since the first look', () => {
  const watch = { refresh: vi.fn(), stop: vi.fn() };
  const both = withChanges(watch, [place]);
  database.listeners[0]?.({ metadata: { fromCache: true } });
  vi.advanceTimersByTime(1_000);
  expect(watch.refresh).not.toHaveBeenCalled();
  change();
  vi.advanceTimersByTime(1_000);
  expect(watch.refresh).toHaveBeenCalledTimes(1);
  both.stop();
});

it('looks while changes follow each other without end, not once they have ended', () => {
  const watch = { refresh: vi.fn(), stop: vi.fn() };
  const both = withChanges(watch, [place]);
  change();
  for (let passed = 0; passed < 2_000; passed += 100) {
    change();
    vi.advanceTimersByTime(100);
  }
  expect(watch.refresh.mock.calls.length).toBeGreaterThanOrEqual(6);
  expect(watch.refresh.mock.calls.length).toBeLessThanOrEqual(8);
  both.stop();
});

it('looks once for what changes together, and no more once it was stopped', () => {
  const watch = { refresh: vi.fn(), stop: vi.fn() };
  const both = withChanges(watch, [place]);
  change();
  expect(watch.refresh).not.toHaveBeenCalled();
  change();
  change();
  vi.advanceTimersByTime(1_000);
  expect(watch.refresh).toHaveBeenCalledTimes(1);
  change();
  both.stop();
  vi.advanceTimersByTime(1_000);
  expect(watch.refresh).toHaveBeenCalledTimes(1);
  expect(watch.stop).toHaveBeenCalledTimes(1);
});
