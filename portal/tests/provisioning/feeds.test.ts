import { expect, it } from 'vitest';
import { DataError } from '../../src/data';
import { Feed } from '../../src/provisioning/feeds';
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
