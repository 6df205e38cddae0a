import { expect, it } from 'vitest';
import { DataError } from '../../src/data';
import { Feed, feedOf } from '../../src/provisioning/feeds';
import { FakeSource, provisioning } from '../fakes';

it('is followed anew when somebody asks again after it has ended', () => {
  const source = new FakeSource();
  const feed = new Feed(source, { storeId: 'store-1' }, { autoRefresh: true, refreshInterval: 1_000 });
  const leave = feed.subscribe(() => undefined);
  source.watchers.forEach((watcher) => watcher.onError(new DataError(403, 'NOT_ADMIN', 'not you')));
  expect(feed.get().error?.message).toBe('not you');
  expect(source.watchers.size).toBe(0);

  feed.refresh();
  expect(feed.get()).toMatchObject({ error: null, connection: 'connecting' });
  source.arrive(provisioning(3));
  expect(feed.get().provisioning?.completion_percent).toBe(40);
  leave();
  expect(source.watchers.size).toBe(0);
});

it('is remembered for who comes back, but not for ever', () => {
  const source = new FakeSource();
  const feed = (store: string) => feedOf(source, { storeId: store }, { autoRefresh: true, refreshInterval: 1_000 });
  const watched = feed('watched');
  watched.subscribe(() => undefined);
  const first = feed('first');
  first.subscribe(() => undefined)();
  expect(feed('first')).toBe(first);
  for (let turn = 0; turn < 60; turn++) feed(`store-${turn}`).subscribe(() => undefined)();
  expect(feed('watched')).toBe(watched);
  expect(feed('first')).not.toBe(first);
  const last = feed('store-59');
  expect(feed('store-59')).toBe(last);
  expect(last.left).toBe(true);
});
