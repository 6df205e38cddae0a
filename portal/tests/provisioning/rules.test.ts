import { describe, expect, it } from 'vitest';
import { beginWith, suggestLabel } from '../../src/provisioning/answers';
import { check } from '../../src/provisioning/rules';

/** As the server writes them: definitions, what may be null, and a sentence for each rule. */
const BODY = {
  type: 'object',
  required: ['store_name', 'owner_email', 'subdomain'],
  properties: {
    store_name: { type: 'string', minLength: 1, maxLength: 10, 'x-messages': { minLength: { code: 'X', message: 'must not be empty' }, maxLength: { code: 'X', message: 'must have at most 10 characters' } } },
    owner_email: { $ref: '#/$defs/Email' },
    subdomain: { type: 'string', pattern: '^(?=.*[a-z])[a-z0-9-]{3,40}$', 'x-messages': { pattern: { code: 'X', message: 'must be 3 to 40 letters' } } },
    custom_domain: { anyOf: [{ type: 'string', pattern: '^([a-z0-9-]+\\.)+[a-z]{2,}$', 'x-messages': { pattern: { code: 'X', message: 'must be a domain name' } } }, { type: 'null' }] },
    plan: { type: 'string', enum: ['starter'] },
  },
};
const Email = { type: 'string', pattern: '^[^@ ]+@[^@ ]+$', 'x-messages': { pattern: { code: 'X', message: 'must be an e-mail address' } } };
const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'activation-request.schema.json',
  anyOf: [{ $ref: '#/$defs/Activation' }, { $ref: '#/$defs/Document' }],
  $defs: { Activation: BODY, Document: { type: 'object', required: ['merchant_id'] }, Email },
};

const good = { ...beginWith({ storeId: 's', storeName: 'Shop', ownerEmail: 'a@example.com' }), plan: 'starter', subdomain: 'shop' };

describe('the server’s rules', () => {
  it('find nothing wrong with what is right', () => {
    expect(check(SCHEMA, good)).toEqual({});
  });

  it.each([
    [{ store_name: '' }, { store_name: 'must not be empty' }],
    [{ store_name: 'Much too long a name' }, { store_name: 'must have at most 10 characters' }],
    [{ owner_email: 'nobody' }, { owner_email: 'must be an e-mail address' }],
    [{ subdomain: '12' }, { subdomain: 'must be 3 to 40 letters' }],
    [{ custom_domain: 'not a domain' }, { custom_domain: 'must be a domain name' }],
    [{ plan: 'other' }, { plan: 'is not right' }],
  ])('say of %o what stands beside the rule', (values, errors) => {
    expect(check(SCHEMA, { ...good, ...values })).toEqual(errors);
  });

  it('tell every wrong field at once', () => {
    expect(Object.keys(check(SCHEMA, { ...good, store_name: '', owner_email: 'x', custom_domain: '-' }))).toEqual(['store_name', 'owner_email', 'custom_domain']);
  });
});

describe('a label suggested for a name', () => {
  it.each([
    ['Juniper & Thread', 'juniper-thread'],
    ['  Café Zoë ', 'cafe-zoe'],
    ['“A”', 'a'],
    ['x'.repeat(39) + ' yz', 'x'.repeat(39)],
  ])('of %s is %s', (name, label) => expect(suggestLabel(name)).toBe(label));
});
