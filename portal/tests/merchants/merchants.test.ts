import { describe, expect, it } from 'vitest';
import { DataError, type Merchant } from '../../src/data';
import { causeOf, lookOf, nextStoreId, stepFor } from '../../src/pages/merchants/merchants';
import { BLANK, check, toMerchant, wrongOf } from '../../src/pages/merchants/newMerchant';
import { failed, MERCHANT, provisioning, STORE } from '../fakes';

const merchant = (change: Partial<Merchant> = {}): Merchant => ({ ...MERCHANT, ...change });

describe('why a merchant failed', () => {
  it('is what its newest provisioning says', () => {
    const why = causeOf(merchant({ status: 'FAILED', status_reason: 'Something older.', provisioning: failed(5) }));
    expect(why).toEqual({ cause: 'The welcome mail was refused', action: 'Correct the address and retry.' });
  });

  it('is else what its document says: the first sentence the cause, the rest what to do', () => {
    const why = causeOf(merchant({ status: 'FAILED', status_reason: 'No mailbox mei@tinker.example.com. Correct it and retry.' }));
    expect(why).toEqual({ cause: 'No mailbox mei@tinker.example.com.', action: 'Correct it and retry.' });
    expect(causeOf(merchant({ status: 'SUSPENDED', status_reason: 'Invoice overdue' }))).toEqual({ cause: 'Invoice overdue', action: '' });
  });

  it('is not said of one that is well, whatever it once was', () => {
    expect(causeOf(merchant({ status: 'ACTIVE', status_reason: 'It failed once.' }))).toBeNull();
  });
});

describe('what a row offers', () => {
  const store = { store_id: 's1', store_name: 'S', status: 'ACTIVE', subdomain: 's', website: 'https://s.example.com/' } as const;

  it('is to activate who has nothing yet, or whose store was rolled back', () => {
    expect(stepFor(merchant())).toEqual({ kind: 'activate' });
    expect(stepFor(merchant({ provisioning: { ...failed(1), status: 'ROLLED_BACK', error: null } }))).toEqual({ kind: 'activate' });
  });

  it('is to watch one that is under way, and to see why one stands still', () => {
    expect(stepFor(merchant({ provisioning: provisioning(2) }))).toEqual({ kind: 'go', to: '/provisionings/run-1', text: 'Watch' });
    expect(stepFor(merchant({ status: 'FAILED', provisioning: failed(2) }))).toMatchObject({ kind: 'go', text: 'See why' });
  });

  it('is to visit a store that is there', () => {
    expect(stepFor(merchant({ status: 'ACTIVE', stores: [store], provisioning: provisioning(7) }))).toEqual({ kind: 'visit', href: store.website });
    expect(stepFor(merchant({ status: 'ACTIVE' }))).toBeNull();
  });

  it('tells how far a store has come', () => {
    expect(lookOf(merchant({ provisioning: provisioning(2) })).text).toBe('Being made, 25 %');
  });

  it('gives the first store the merchant’s id, and no two stores the same', () => {
    expect(nextStoreId(merchant())).toBe('merchant-1');
    const second = nextStoreId(merchant({ stores: [store] }));
    expect(second).toMatch(/^merchant-1-[0-9a-f]{8}$/);
    expect(nextStoreId(merchant({ stores: [store] }))).not.toBe(second);
    expect(STORE.store_id).not.toBe(second);
  });
});

describe('a new merchant', () => {
  it('needs a name and an address that can be one', () => {
    expect(Object.keys(check(BLANK))).toEqual(['name', 'ownerEmail']);
    expect(check({ ...BLANK, name: 'Tea', ownerEmail: 'sam@tea' })).toHaveProperty('ownerEmail');
    expect(check({ ...BLANK, name: 'Tea', ownerEmail: 'sam@tea.example', subdomain: 'a--b' })).toHaveProperty('subdomain');
    expect(check({ ...BLANK, name: 'Tea', ownerEmail: 'sam@tea.example', subdomain: 'tea-1' })).toEqual({});
  });

  it('sends nothing for what was not decided', () => {
    const made = toMerchant({ ...BLANK, name: ' Tea ', ownerEmail: 'sam@tea.example ' });
    expect(made).toMatchObject({ name: 'Tea', owner_name: null, owner_email: 'sam@tea.example', saved_choices: { theme: null, plan: null, subdomain: null, category: 'general' } });
  });

  it('shows the server’s words at their fields', () => {
    const error = new DataError(422, 'INVALID_INPUT', 'wrong', [{ field: 'saved_choices.subdomain', code: 'X', message: 'is reserved' }]);
    expect(wrongOf(error)).toEqual({ subdomain: 'Is reserved.' });
    expect(wrongOf(new DataError(500, 'INTERNAL', 'oh'))).toBeNull();
  });
});
