import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { DataError, DataProvider } from '../../src/data';
import { ProvisioningLogs, ProvisioningStatus } from '../../src/provisioning';
import { ToastProvider } from '../../src/ui';
import { failed, FakeSource, provisioning } from '../fakes';

let source: FakeSource;
beforeEach(() => {
  source = new FakeSource();
});

function show(canAct = true, more?: React.ReactNode) {
  return render(
    <DataProvider source={source} canAct={canAct}>
      <ToastProvider>
        <ProvisioningStatus storeId="store-1" />
        {more}
      </ToastProvider>
    </DataProvider>,
  );
}

const arrive = (...value: Parameters<FakeSource['arrive']>) => act(async () => source.arrive(...value));
const lines = () => within(screen.getByRole('list', { name: 'Log' })).getAllByRole('listitem');

describe('the live page', () => {
  it('shows every step from the start, and the percentage that the server counts', async () => {
    show();
    await arrive(provisioning(2));
    expect(screen.getByRole('progressbar', { name: 'Progress' })).toHaveProperty('value', 25);
    expect(screen.getByText('2 of 7 steps')).toBeTruthy();
    expect(screen.getAllByRole('listitem').length).toBeGreaterThanOrEqual(7);
    expect(screen.getByText('Prove that it works')).toBeTruthy();
  });

  it('shows one connection for all who look, and ends it with the last', async () => {
    const { unmount } = show(true, <ProvisioningLogs storeId="store-1" />);
    expect(source.watchers.size).toBe(1);
    unmount();
    expect(source.watchers.size).toBe(0);
  });

  it('neither loses nor doubles a line when the same arrives again', async () => {
    show();
    await arrive(failed(5));
    const before = lines().map((line) => line.textContent);
    expect(before).toHaveLength(5);
    await arrive(failed(5));
    await arrive(provisioning(3));
    expect(lines().map((line) => line.textContent)).toEqual(before);
  });

  it('opens the log by itself when something goes wrong, and leaves it closed to who closes it', async () => {
    show();
    await arrive(provisioning(4));
    expect(screen.queryByRole('list', { name: 'Log' })).toBeNull();
    await arrive(failed(5));
    expect(lines()).toHaveLength(5);
    await userEvent.click(screen.getByText('Log'));
    await waitFor(() => expect(screen.queryByRole('list', { name: 'Log' })).toBeNull());
    await arrive({ ...failed(5), retry_count: 1, updated_at: '2026-11-21T12:01:00Z' });
    expect(screen.queryByRole('list', { name: 'Log' })).toBeNull();
    // What goes wrong anew is something else.
    await arrive({ ...provisioning(5), updated_at: '2026-11-21T12:02:00Z' });
    await arrive({ ...failed(5), updated_at: '2026-11-21T12:03:00Z' });
    expect(lines()).toHaveLength(5);
  });

  it('says why it stands still, and goes on when told to', async () => {
    show();
    await arrive(failed(5));
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain('The welcome mail was refused');
    expect(alert.textContent).toContain('There is no such mailbox.');
    expect(alert.textContent).toContain('Correct the address and retry.');
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(source.calls).toEqual([['retry', 'run-1']]);
    expect(source.refreshes).toBe(1);
  });

  it('tells when somebody else was quicker', async () => {
    source.refusal = new DataError(409, 'CHANGED_MEANWHILE', 'somebody else was quicker');
    show();
    await arrive(failed(5));
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByText('somebody else was quicker')).toBeTruthy();
    expect(source.refreshes).toBe(1);
  });

  it('undoes a finished store only when its address is typed', async () => {
    source.undone.needs_confirmation = true;
    show();
    await arrive(provisioning(7));
    await userEvent.click(screen.getByRole('button', { name: 'Roll back' }));
    const dialog = within(screen.getByRole('dialog'));
    expect(await dialog.findByText('frees juniper-thread')).toBeTruthy();
    const confirm = dialog.getByRole('button', { name: 'Roll back' });
    await userEvent.type(dialog.getByRole('textbox'), 'juniper');
    expect(confirm).toHaveProperty('disabled', true);
    await userEvent.type(dialog.getByRole('textbox'), '-thread');
    await userEvent.click(confirm);
    expect(source.calls).toEqual([['rollBack', 'run-1', 'juniper-thread']]);
  });

  it('shows addresses, plan, theme and receipt when it is done', async () => {
    show();
    await arrive(provisioning(7));
    expect(screen.getByRole('link', { name: 'Open store' }).getAttribute('href')).toBe('http://juniper-thread.localhost:8080/');
    expect(await screen.findByText('Starter')).toBeTruthy();
    expect(screen.getByText('200, 14 products')).toBeTruthy();
  });

  it('offers nothing to who may only look', async () => {
    show(false);
    await arrive(failed(5));
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Roll back' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Copy support bundle' })).toBeTruthy();
  });

  it('says when it is not connected, and of when it is', async () => {
    show();
    await arrive(provisioning(2));
    expect(screen.getByText('Live')).toBeTruthy();
    await act(async () => source.watchers.forEach((watcher) => watcher.onConnection('offline')));
    expect(screen.getByRole('alert').textContent).toContain('Not connected');
    expect(screen.queryByText('Live')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Try now' }));
    expect(source.refreshes).toBe(1);
  });

  it('starts over by undoing first, and then asks with the same answers as a new request', async () => {
    source.earlier = {
      store_id: 'store-1', store_name: 'Juniper & Thread', owner_email: 'noor@juniper.example', theme: 'upfront-modern', plan: 'starter', subdomain: 'juniper-thread',
      custom_domain: null, category: 'fashion', integrations: { stripe: true, paypal: false, meta_ads: false, analytics: false }, launch: 'immediately',
    };
    show();
    await arrive(failed(5));
    await userEvent.click(screen.getByRole('button', { name: 'Start over' }));
    expect(source.calls).toEqual([['rollBack', 'run-1', null]]);
    expect(screen.queryByRole('dialog')).toBeNull();
    await arrive({ ...failed(5), status: 'ROLLED_BACK', error: null, updated_at: '2026-11-21T12:01:00Z' });
    const dialog = within(await screen.findByRole('dialog'));
    await dialog.findByText('Choose a theme');
    await userEvent.click(within(dialog.getByRole('navigation')).getByRole('button', { name: /Summary/ }));
    await userEvent.click(await dialog.findByRole('button', { name: 'Activate store' }));
    await waitFor(() => expect(source.requests).toHaveLength(1));
    expect(source.requests[0]?.request).toEqual(source.earlier);
    expect(source.requests[0]?.requestId).not.toBe('run-1');
  });
});
