import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useEffect } from 'react';
import { expect, it } from 'vitest';
import { DataError, DataProvider, useWatched, type Watcher } from '../../src/data';
import { FakeSource } from '../fakes';

it('begins anew when somebody asks again after watching has ended', async () => {
  const begun: Watcher<string>[] = [];
  let refreshed = 0;
  function Page() {
    const { value, error, refresh } = useWatched<string>('all', (_, watcher) => {
      begun.push(watcher);
      return { refresh: () => void refreshed++, stop: () => undefined };
    });
    return <button onClick={refresh}>{error?.message ?? value ?? 'nothing yet'}</button>;
  }
  render(
    <DataProvider source={new FakeSource()} canAct>
      <Page />
    </DataProvider>,
  );
  const button = screen.getByRole('button');
  await userEvent.click(button);
  expect([begun.length, refreshed]).toEqual([1, 1]);

  act(() => begun[0]?.onError(new DataError(403, 'NOT_ADMIN', 'not you')));
  expect(button.textContent).toBe('not you');
  await userEvent.click(button);
  expect([begun.length, refreshed]).toEqual([2, 1]);
  expect(button.textContent).toBe('nothing yet');
  act(() => begun[1]?.onValue('here'));
  expect(button.textContent).toBe('here');
});

it('draws nothing anew for a connection that is as it was', () => {
  const begun: Watcher<string>[] = [];
  let drawn = 0;
  function Page() {
    const { connection } = useWatched<string>('all', (_, watcher) => {
      begun.push(watcher);
      return { refresh: () => undefined, stop: () => undefined };
    });
    useEffect(() => void drawn++);
    return <p>{connection}</p>;
  }
  render(
    <DataProvider source={new FakeSource()} canAct>
      <Page />
    </DataProvider>,
  );
  act(() => begun[0]?.onConnection('live'));
  expect(screen.getByText('live')).toBeTruthy();

  const before = drawn;
  // React itself may look once more before it leaves such a component alone.
  for (let times = 0; times < 5; times++) act(() => begun[0]?.onConnection('live'));
  expect(drawn - before).toBeLessThanOrEqual(1);
});
