import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError, DataProvider } from '../../src/data';
import { MerchantActivationModal } from '../../src/provisioning';
import { ToastProvider } from '../../src/ui';
import { FakeSource } from '../fakes';

let source: FakeSource;
beforeEach(() => {
  source = new FakeSource();
  source.schema = {
    type: 'object',
    properties: { subdomain: { type: 'string', pattern: '^[a-z0-9-]{3,40}$', 'x-messages': { pattern: { code: 'X', message: 'must have 3 to 40 letters' } } } },
  };
});

async function open(change: Partial<Parameters<typeof MerchantActivationModal>[0]> = {}) {
  const onSuccess = vi.fn();
  const onOpenChange = vi.fn();
  render(
    <DataProvider source={source} canAct>
      <ToastProvider>
        <MerchantActivationModal
          open
          onOpenChange={onOpenChange}
          onSuccess={onSuccess}
          storeId="store-1"
          storeName="Juniper & Thread"
          merchantId="merchant-1"
          ownerEmail="noor@juniper.example"
          category="fashion"
          choices={{ theme: 'upfront-modern', plan: null, subdomain: null, category: null }}
          {...change}
        />
      </ToastProvider>
    </DataProvider>,
  );
  const dialog = within(await screen.findByRole('dialog'));
  await dialog.findByText('Choose a theme');
  const go = (part: string) => userEvent.click(within(dialog.getByRole('navigation')).getByRole('button', { name: new RegExp(part) }));
  return { dialog, go, onSuccess, onOpenChange };
}

describe('the form', () => {
  it('begins with what is known, and offers what can be chosen', async () => {
    const { dialog, go } = await open();
    expect(dialog.getAllByRole('radio')).toHaveLength(2);
    expect(dialog.getByRole('radio', { checked: true })).toHaveProperty('value', 'upfront-modern');
    expect(dialog.getByRole('img', { name: 'The home page in Upfront Classic' }).getAttribute('src')).toBe('/p/classic.webp');
    await go('Plan');
    expect(dialog.getByRole('radio', { checked: true })).toHaveProperty('value', 'professional');
    expect(dialog.getByText('Popular')).toBeTruthy();
    expect(dialog.getByText('$79.99')).toBeTruthy();
    await go('Store');
    expect(dialog.getByRole('textbox', { name: 'Subdomain' })).toHaveProperty('value', 'juniper-thread');
    expect(dialog.getByRole('textbox', { name: /Owner/ })).toHaveProperty('value', 'noor@juniper.example');
  });

  it('goes from part to part with Enter and its buttons, and back', async () => {
    const { dialog } = await open();
    await userEvent.click(dialog.getByRole('button', { name: 'Next' }));
    expect(dialog.getByText('Choose a plan')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: 'Next' }));
    await userEvent.type(dialog.getByRole('textbox', { name: 'Store name' }), '{Enter}');
    expect(dialog.getByText('Content and launch')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: 'Back' }));
    expect(dialog.getByText('Name and address')).toBeTruthy();
  });

  it('asks whether an address is free as it is typed, and offers others that are', async () => {
    source.taken = { 'juniper-thread': ['juniper-thread-2'] };
    const { dialog, go } = await open();
    await go('Store');
    const field = dialog.getByRole('textbox', { name: 'Subdomain' });
    expect(await dialog.findByText('Subdomain is taken by another store.')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: 'juniper-thread-2' }));
    expect(field).toHaveProperty('value', 'juniper-thread-2');
    expect(await dialog.findByText('juniper-thread-2.localhost is free')).toBeTruthy();
  });

  it('asks nobody about an address that breaks the rules, and says which', async () => {
    const asked = vi.spyOn(source, 'availability');
    const { dialog, go } = await open({ choices: { subdomain: 'ab' } });
    await go('Store');
    expect(dialog.getByText('Subdomain must have 3 to 40 letters.')).toBeTruthy();
    expect(dialog.getByRole('textbox', { name: 'Subdomain' }).getAttribute('aria-invalid')).toBe('true');
    await new Promise((done) => setTimeout(done, 400));
    expect(asked).not.toHaveBeenCalled();
  });

  it('does not send what is wrong, but leads there', async () => {
    const { dialog, go } = await open({ choices: { subdomain: 'ab' } });
    await go('Summary');
    await userEvent.click(dialog.getByRole('button', { name: 'Activate store' }));
    expect(source.requests).toEqual([]);
    expect(dialog.getByText('Name and address')).toBeTruthy();
  });

  it('says before what will be made', async () => {
    const { dialog, go } = await open();
    await go('Content');
    await userEvent.click(dialog.getByRole('switch', { name: /Stripe/ }));
    await userEvent.click(dialog.getByRole('radio', { name: /Immediately/ }));
    await go('Summary');
    expect(dialog.getByText(/A store that is open to shoppers at once/)).toBeTruthy();
    expect(dialog.getByText(/1 task for the owner: Stripe/)).toBeTruthy();
    expect(dialog.getByText(/welcome mail to noor@juniper.example/)).toBeTruthy();
    expect(source.requests).toEqual([]);
  });

  it('makes one request of a double click', async () => {
    let answer: (value: { provisioning_id: string; store_id: string }) => void = () => undefined;
    source.activation = () => new Promise((resolve) => (answer = resolve));
    const { dialog, go, onSuccess } = await open();
    await go('Summary');
    await userEvent.dblClick(dialog.getByRole('button', { name: 'Activate store' }));
    expect(source.requests).toHaveLength(1);
    answer({ provisioning_id: 'run-1', store_id: 'store-1' });
    expect(await screen.findByText('Juniper & Thread is on its way')).toBeTruthy();
    expect(onSuccess).toHaveBeenCalledExactlyOnceWith({ provisioning_id: 'run-1', store_id: 'store-1' });
    expect(source.requests[0]).toMatchObject({
      merchantId: 'merchant-1',
      request: { store_id: 'store-1', store_name: 'Juniper & Thread', owner_email: 'noor@juniper.example', plan: 'professional', category: 'fashion', custom_domain: null, launch: 'after_onboarding' },
    });
  });

  it('sends the same request again where nobody answered', async () => {
    source.activation = () => Promise.reject(new DataError(0, 'OFFLINE', 'nobody'));
    const { dialog, go, onSuccess } = await open();
    await go('Summary');
    await userEvent.click(dialog.getByRole('button', { name: 'Activate store' }));
    expect(await dialog.findByText(/it stays one request/)).toBeTruthy();
    source.activation = () => Promise.resolve({ provisioning_id: 'run-1', store_id: 'store-1' });
    await userEvent.click(dialog.getByRole('button', { name: 'Activate store' }));
    await waitFor(() => expect(onSuccess).toHaveBeenCalledOnce());
    expect(source.requests[0]?.requestId).toBe(source.requests[1]?.requestId);
  });

  it('shows what the server found beside the field, until it is changed', async () => {
    source.activation = () => Promise.reject(new DataError(422, 'INVALID_INPUT', 'fields are wrong', [{ field: 'owner_email', code: 'NOT_AN_EMAIL', message: 'must be an e-mail address' }]));
    const { dialog, go } = await open();
    await go('Summary');
    await userEvent.click(dialog.getByRole('button', { name: 'Activate store' }));
    expect(await dialog.findByText('Owner’s e-mail must be an e-mail address.')).toBeTruthy();
    await userEvent.type(dialog.getByRole('textbox', { name: /Owner/ }), 'x');
    expect(dialog.queryByText('Owner’s e-mail must be an e-mail address.')).toBeNull();
  });

  it('mints a new id for each opening', async () => {
    const first = await open();
    await first.go('Summary');
    await userEvent.click(first.dialog.getByRole('button', { name: 'Activate store' }));
    await screen.findByText(/on its way/);
    document.body.innerHTML = '';
    const second = await open();
    await second.go('Summary');
    await userEvent.click(second.dialog.getByRole('button', { name: 'Activate store' }));
    await waitFor(() => expect(source.requests).toHaveLength(2));
    expect(source.requests[0]?.requestId).not.toBe(source.requests[1]?.requestId);
  });
});
