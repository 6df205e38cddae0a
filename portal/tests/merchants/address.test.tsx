import { act, render } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { describe, expect, it } from 'vitest';
import { useListAddress, type ListAddress } from '../../src/pages/lists/useListAddress';
import { queryOf } from '../../src/pages/merchants/listAddress';

function open(search = '') {
  let address: ListAddress | null = null;
  function Reads() {
    address = useListAddress();
    return null;
  }
  const router = createMemoryRouter([{ path: '/', element: <Reads /> }], { initialEntries: [`/${search}`] });
  render(<RouterProvider router={router} />);
  const now = () => address as unknown as ListAddress;
  return { now, router, query: () => queryOf(now()), act: (deed: (address: ListAddress) => void) => act(async () => deed(now())) };
}

describe('the address of the list', () => {
  it('says all that is looked for, so that it can be read again', async () => {
    const list = open();
    await list.act((address) => address.set({ status: 'failed', q: 'tea & co', sort: 'name' }));
    await list.act((address) => address.next('c1'));
    await list.act((address) => address.next('c2'));
    const again = open(list.router.state.location.search);
    expect(again.query()).toEqual({ status: 'FAILED', q: 'tea & co', sort: 'name', cursor: 'c2', limit: 25 });
    await again.act((address) => address.previous());
    expect(again.query().cursor).toBe('c1');
  });

  it('is empty for what is shown first', async () => {
    const list = open();
    await list.act((address) => address.set({ status: undefined, q: undefined, sort: undefined }));
    expect(list.router.state.location.search).toBe('');
    expect(list.query()).toEqual({ status: undefined, q: undefined, sort: '-requested_at', cursor: undefined, limit: 25 });
  });

  it('takes nothing that the server would refuse', () => {
    expect(open('?status=gone&sort=price&after=').query()).toEqual({ status: undefined, q: undefined, sort: '-requested_at', cursor: undefined, limit: 25 });
  });

  it('goes on behind the last cursor, and back by leaving it out', async () => {
    const list = open();
    await list.act((address) => address.next('c1'));
    expect([list.query().cursor, list.now().page]).toEqual(['c1', 2]);
    await list.act((address) => address.next('c2'));
    await list.act((address) => address.previous());
    expect(list.query().cursor).toBe('c1');
    await list.act((address) => address.previous());
    expect([list.query().cursor, list.now().page]).toEqual([undefined, 1]);
  });

  it('begins at the first page when something else is looked for', async () => {
    const list = open('?after=c1&after=c2');
    await list.act((address) => address.set({ q: 'tea' }));
    expect(list.router.state.location.search).toBe('?q=tea');
  });

  it('leaves in the history what one may want to come back to', async () => {
    const list = open('?status=failed');
    await list.act((address) => address.set({ status: 'active' }, 'keep'));
    await list.act((address) => address.set({ q: 'tea' }));
    await act(() => list.router.navigate(-1));
    expect(list.router.state.location.search).toBe('?status=failed');
  });
});
