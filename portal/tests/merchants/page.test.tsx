import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeEach, describe, expect, it } from 'vitest';
import { DataError, DataProvider, type Merchant, type MerchantQuery, type Page, type Watcher } from '../../src/data';
import { Component } from '../../src/pages/merchants/MerchantsPage';
import { ToastProvider } from '../../src/ui';
import { failed, FakeSource, MERCHANT } from '../fakes';

/** Answers each query with what the test says, and remembers what was asked. */
class ListSource extends FakeSource {
  readonly asked: MerchantQuery[] = [];
  page: Page<Merchant> = { items: [MERCHANT], next_cursor: null };

  override watchMerchants = (query: MerchantQuery, watcher: Watcher<Page<Merchant>>) => {
    this.asked.push(query);
    queueMicrotask(() => watcher.onValue(this.page));
    return { refresh: () => undefined, stop: () => undefined };
  };

  override watchMerchantCounts: FakeSource['watchMerchantCounts'] = (watcher) => {
    queueMicrotask(() => watcher.onValue({ all: 9, pending: 4, active: 3, failed: 2, suspended: 0 }));
    return { refresh: () => undefined, stop: () => undefined };
  };
}

let source: ListSource;
beforeEach(() => {
  source = new ListSource();
});

async function show(address = '/merchants', canAct = true) {
  const router = createMemoryRouter(
    [
      { path: '/merchants', element: <Component /> },
      { path: '/merchants/:id', element: <p>merchant page</p> },
    ],
    { initialEntries: [address] },
  );
  render(
    <DataProvider source={source} canAct={canAct}>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </DataProvider>,
  );
  await screen.findByRole('table');
  return router;
}

describe('the list of merchants', () => {
  it('shows how many there are in each state', async () => {
    await show();
    expect(await screen.findByRole('radio', { name: /Pending\s*4/ })).toBeTruthy();
    expect(screen.getByRole('radio', { name: /Failed\s*2/ })).toBeTruthy();
  });

  it('looks for what the address says', async () => {
    await show('/merchants?status=failed&q=tea&sort=name&after=c1');
    expect(source.asked.at(-1)).toEqual({ status: 'FAILED', q: 'tea', sort: 'name', cursor: 'c1', limit: 25 });
  });

  it('keeps state, search, order and page in the address', async () => {
    source.page = { items: [MERCHANT], next_cursor: 'c9' };
    const router = await show();
    await userEvent.click(screen.getByRole('radio', { name: /Failed/ }));
    await waitFor(() => expect(router.state.location.search).toBe('?status=failed'));
    await userEvent.type(screen.getByRole('searchbox'), 'juniper');
    await waitFor(() => expect(router.state.location.search).toBe('?status=failed&q=juniper'));
    // Only the page that is looked for now leads on.
    await waitFor(() => {
      expect(source.asked.at(-1)?.q).toBe('juniper');
      expect(screen.getByRole('button', { name: 'Next page' })).toHaveProperty('disabled', false);
    });
    await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
    await waitFor(() => expect(router.state.location.search).toBe('?status=failed&q=juniper&after=c9'));
    expect(await screen.findByText('Page 2')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Sort by Merchant' }));
    await waitFor(() => expect(router.state.location.search).toBe('?status=failed&q=juniper&sort=name'));
  });

  it('shows again what was searched for when one goes back', async () => {
    const router = await show('/merchants?q=tea');
    await act(() => router.navigate('/merchants?q=coffee'));
    expect(screen.getByRole('searchbox')).toHaveProperty('value', 'coffee');
  });

  it('says of one that failed why, and what to do', async () => {
    source.page.items = [{ ...MERCHANT, status: 'FAILED', provisioning: failed(5) }];
    await show();
    const row = screen.getAllByRole('row')[1] as HTMLElement;
    expect(within(row).getByText('The welcome mail was refused')).toBeTruthy();
    expect(within(row).getByText('Correct the address and retry.')).toBeTruthy();
    expect(within(row).getByRole('link', { name: /See why/ }).getAttribute('href')).toBe('/provisionings/run-1');
  });

  it('offers nothing that changes to who may only look', async () => {
    await show('/merchants', false);
    expect(screen.queryByRole('button', { name: /Activate/ })).toBeNull();
    expect(screen.queryByRole('button', { name: 'New merchant' })).toBeNull();
  });

  it('opens the activation of the row', async () => {
    await show();
    await userEvent.click(screen.getByRole('button', { name: `Activate: ${MERCHANT.name}` }));
    expect(await screen.findByRole('heading', { name: `Activate ${MERCHANT.name}` })).toBeTruthy();
  });
});

describe('adding a merchant', () => {
  async function open() {
    const router = await show();
    await userEvent.click(screen.getByRole('button', { name: 'New merchant' }));
    return { router, dialog: within(await screen.findByRole('dialog')) };
  }

  it('sends nothing that is not whole', async () => {
    const { dialog } = await open();
    await userEvent.click(dialog.getByRole('button', { name: 'Add merchant' }));
    expect(dialog.getByText('Say how the business is called.')).toBeTruthy();
    expect(source.stores.calls).toEqual([]);
  });

  it('makes one, and goes to its page', async () => {
    source.stores.answers.createMerchant = { ...MERCHANT, id: 'merchant-9', name: 'Tea' };
    const { router, dialog } = await open();
    await userEvent.type(dialog.getByRole('textbox', { name: 'Name of the business' }), 'Tea');
    await userEvent.type(dialog.getByRole('textbox', { name: 'Owner’s e-mail' }), 'sam@tea.example');
    await userEvent.click(dialog.getByRole('button', { name: 'Add merchant' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/merchants/merchant-9'));
    expect(source.stores.calls[0]?.[1]).toMatchObject({ name: 'Tea', owner_email: 'sam@tea.example' });
  });

  it('is one merchant though it is sent again after an answer was lost', async () => {
    source.stores.answers.createMerchant = new DataError(0, 'OFFLINE', 'The server did not answer.');
    const { dialog } = await open();
    await userEvent.type(dialog.getByRole('textbox', { name: 'Name of the business' }), 'Tea');
    await userEvent.type(dialog.getByRole('textbox', { name: 'Owner’s e-mail' }), 'sam@tea.example');
    await userEvent.click(dialog.getByRole('button', { name: 'Add merchant' }));
    await dialog.findByRole('alert');
    await userEvent.click(dialog.getByRole('button', { name: 'Add merchant' }));
    await waitFor(() => expect(source.stores.calls).toHaveLength(2));
    expect(source.stores.calls[0]?.[2]).toBe(source.stores.calls[1]?.[2]);
  });
});
