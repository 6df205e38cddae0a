import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ThemeFinding } from '../../src/data';
import { placeOfSubject, sayAction, sayDetail, saySubject, sayValue } from '../../src/pages/auditLog/entries';
import { toLines } from '../../src/pages/offers/useEntryForm';
import { sayStep } from '../../src/pages/lists/sayStep';
import { every, ticks } from '../../src/pages/overview/scales';
import { readAmount, toCents, writeAmount } from '../../src/pages/plans/amounts';
import { byFile, placeOf, sumUp } from '../../src/pages/themes/findings';
import { sayLimits } from '../../src/provisioning';
import { navigation } from '../../src/shell/navigation';
import { en } from '../../src/texts/en';

describe('the axis of a chart', () => {
  it.each([
    [0, [0, 1]],
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [8, [0, 2, 4, 6, 8]],
    [9, [0, 5, 10]],
    [430, [0, 200, 400, 600]],
  ])('has few round ticks up to %d', (most, expected) => expect(ticks(most)).toEqual(expected));

  it('counts in parts where what is measured has them', () => expect(ticks(0.9, 4, false)).toEqual([0, 0.5, 1]));

  it('names as many days as have room', () => {
    expect(every(14, 700, 50)).toBe(1);
    expect(every(14, 300, 50)).toBe(3);
    expect(every(14, 0, 50)).toBeGreaterThan(14);
  });

});

it('says a step as its own page does, also one that it does not know', () => {
  expect(sayStep('send_credentials')).toBe('Welcome the owner');
  expect(sayStep('train_a_model')).toBe('Train a model');
});

describe('a price', () => {
  it.each([
    ['29.99', 2999],
    ['29,9', 2990],
    [' 30 ', 3000],
    ['0.05', 5],
  ])('of %s is whole cents', (typed, cents) => expect(toCents(typed)).toBe(cents));

  it.each(['', '1.999', '-3', 'ten', '1.2.3', '1e3'])('is not %j', (typed) => expect(toCents(typed)).toBeNull());
});

it('says the limits of a plan, each in its own number', () => {
  expect(sayLimits({ products: 1, orders_per_month: 1500, storage_gb: 5, bandwidth_gb: null })).toEqual(['1 product', '1,500 orders a month', '5 GB storage', 'Unlimited bandwidth a month']);
});

it('a limit that is left empty is none, and comes back empty', () => {
  expect(readAmount(' ')).toBeNull();
  expect(readAmount('100')).toBe(100);
  expect(writeAmount(null)).toBe('');
  expect(writeAmount(29.9)).toBe('29.90');
});

it('what is typed line by line loses empty lines and room at the edges', () => expect(toLines(' one \n\n two')).toEqual(['one', 'two']));

describe('findings of the checker', () => {
  const found = (file: string, severity: 'error' | 'warning', line = 1, column = 0): ThemeFinding => ({ file, severity, line, column, code: 'AS12', message: 'm', fix: 'f' });
  const all = [found('a.css', 'warning'), found('b.html', 'error'), found('a.css', 'warning', 9)];

  it('stand by file, those that keep the theme out first', () => {
    expect(byFile(all).map(([file, list]) => [file, list.length])).toEqual([['b.html', 1], ['a.css', 2]]);
    expect(sumUp(all)).toEqual({ errors: 1, warnings: 2 });
  });

  it('say the place as editors do', () => {
    expect(placeOf(found('a', 'error', 12, 4))).toBe('12:4');
    expect(placeOf(found('a', 'error', 12))).toBe('12');
  });
});

describe('an entry of the audit log', () => {
  it('is said in words, also a deed that has none yet', () => {
    expect(sayAction('store.went_live')).toBe('Store opened');
    expect(sayAction('store.plan_changed')).toBe('Store’s plan changed');
    expect(sayAction('store.painted_green')).toBe('Store painted green');
    expect(sayAction('media.cut_out')).toBe('Media cut out');
  });

  it('leads to what it is about', () => {
    expect(placeOfSubject('stores/s 1')).toBe('/stores/s%201');
    expect(placeOfSubject('activation_requests/r1')).toBe('/provisionings/r1');
    expect(placeOfSubject('tenants/s1/themes/t')).toBe('/stores/s1');
    expect(placeOfSubject('dead_letters/l1')).toBe('/dead-letters?status=all&letter=l1');
    expect(placeOfSubject('local/faults')).toBeNull();
    expect(placeOfSubject('')).toBeNull();
  });

  it('has words for every deed that the log may hold', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/firestore.md'), 'utf8');
    const actions = [...(/^Actions: (?:.+\n)+/m.exec(page)?.[0] ?? '').matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, action]) => action);
    expect(actions.length).toBeGreaterThan(30);
    expect(actions.filter((action) => !(`audit.action.${action}` in en))).toEqual([]);
  });

  it('tells its facts in one line, without what need not be said again', () => {
    expect(sayDetail({ before: 'starter', now: 'professional', store_id: 's1', none: null, gone: '' }, ['store_id'])).toBe('before: starter · now: professional');
    expect(sayDetail({})).toBe('');
  });

  it('shortens what nobody reads to its end', () => {
    expect(saySubject('stores/5917458122dd4b63bae54109871d2b79')).toBe('Store 59174581…');
    expect(saySubject('local/faults')).toBe('local faults');
    expect(sayValue(['a', 'b'])).toBe('a, b');
    expect(sayValue([])).toBe('–');
    expect(sayValue({ a: 1 })).toBe('{"a":1}');
  });
});

describe('the navigation', () => {
  const texts = (canAct: boolean, faults: boolean) => navigation(canAct, faults).map((item) => item.to);

  it('leads who may only look to no page about users', () => {
    expect(texts(true, false)).toContain('/users');
    expect(texts(false, false)).not.toContain('/users');
  });

  it('breaks steps on local runtimes alone', () => {
    expect(texts(true, true)).toContain('/trials');
    expect(texts(true, false)).not.toContain('/trials');
  });
});
