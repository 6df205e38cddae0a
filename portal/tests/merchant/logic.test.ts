import { describe, expect, it } from 'vitest';
import type { AuditEntry, Section, StoreTheme } from '../../src/data';
import { extend, merge, subjectsOf } from '../../src/pages/merchant/auditTrail';
import { holds } from '../../src/pages/merchant/conditions';
import { contrast, tooClose } from '../../src/pages/merchant/contrast';
import { chosenOf, choosePreset, countOwn, NOTHING, pagesOf, same, setSectionValue, setValue, valuesOf } from '../../src/pages/merchant/customisation';
import { linesOf } from '../../src/pages/merchant/facts';
import { altFrom, checkFile } from '../../src/pages/merchant/pictureFiles';
import { changesBetween } from '../../src/pages/merchant/planChange';
import { placeOf, readSection } from '../../src/pages/merchant/sections';
import { at, PLANS } from '../fakes';

describe('a condition of a theme', () => {
  const scopes = { settings: { layout: 'split', columns: 3, logo: '', wide: true }, section: { items: [] } };

  it.each([
    ['settings.layout == "split"', true],
    ["settings.layout != 'split'", false],
    ['settings.columns == 3', true],
    ['settings.wide == 1', false],
    ['settings.logo', false],
    ['not settings.logo', true],
    ['section.items', false],
    ['settings.columns in [1, 2]', false],
    ['settings.layout in ["list", "split"]', true],
    ['settings.logo or settings.wide and settings.columns == 3', true],
    ['settings.wide and settings.logo', false],
    ['settings.gone == true', false],
  ])('%s is %s', (condition, expected) => {
    expect(holds(condition, scopes)).toBe(expected);
  });

  it('hides nothing that it cannot read', () => {
    for (const condition of ['settings.layout ==', 'layout', 'settings.a ~ 1', 'settings.a in [1', undefined]) expect(holds(condition, scopes)).toBe(true);
  });
});

describe('colours', () => {
  it('stand apart as WCAG counts it', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it('are told when they are too close to what their theme names', () => {
    const setting = { type: 'color', id: 'text', contrast: [{ against: 'back' }, { against: 'line', ratio: 3 }] };
    expect(tooClose(setting, '#777777', { back: '#ffffff', line: '#ffffff' })).toMatchObject([{ against: 'back', wanted: 4.5 }]);
    expect(tooClose(setting, '#7', { back: '#ffffff' })).toEqual([]);
  });
});

const section: Section = { type: 'hero', name: 'Hero', settings: [{ type: 'text', id: 'heading' }], values: {}, defaults: { heading: 't:hero.heading', size: 2 } };
const theme = {
  preset: 'ember',
  presets: ['ember', 'pine'],
  preset_values: { ember: { accent: '#1f5fbf', radius: 0 }, pine: { accent: '#1f6b45', radius: 0 } },
  published: NOTHING,
  draft: null,
} as unknown as StoreTheme;

describe('what a store has of its own', () => {
  it('is only what differs from its theme', () => {
    const changed = setValue(theme, NOTHING, 'accent', '#000000');
    expect(changed.settings).toEqual({ accent: '#000000' });
    expect(setValue(theme, changed, 'accent', '#1f5fbf')).toEqual(NOTHING);
    expect(setValue(theme, changed, 'accent', undefined)).toEqual(NOTHING);
  });

  it('keeps with another preset what was set by hand, but for what that preset has too', () => {
    const mine = setValue(theme, setValue(theme, NOTHING, 'accent', '#1f6b45'), 'radius', 4);
    const after = choosePreset(theme, mine, 'pine');
    expect(after).toMatchObject({ preset: 'pine', settings: { radius: 4 } });
    expect(valuesOf(theme, after)).toEqual({ accent: '#1f6b45', radius: 4 });
    expect(choosePreset(theme, after, 'ember').preset).toBeNull();
  });

  it('holds no empty places', () => {
    const changed = setSectionValue(section, NOTHING, 'index/hero', 'heading', 'Tea');
    expect(changed.sections).toEqual({ 'index/hero': { heading: 'Tea' } });
    expect(countOwn(changed)).toBe(1);
    expect(setSectionValue(section, changed, 'index/hero', 'heading', undefined)).toEqual(NOTHING);
  });

  it('begins with the draft, where there is one', () => {
    const draft = { ...NOTHING, preset: 'pine' };
    expect(chosenOf({ ...theme, draft })).toEqual(draft);
    expect(chosenOf(theme)).toEqual(NOTHING);
  });

  it('is compared by what it says, not by its order', () => {
    expect(same({ a: [1, { b: 2 }], c: 3 }, { c: 3, a: [1, { b: 2 }] })).toBe(true);
    expect(same({ a: 1 }, { b: 1 })).toBe(false);
    expect(same([1], { 0: 1 })).toBe(false);
  });

  it('is laid out by page, blocks in their sections, without what has nothing to set', () => {
    const bare = { ...section, settings: [{ type: 'header', content: 'x' }] };
    const pages = pagesOf({ 'index/hero': bare, 'index/hero/first': section, 'index/plain': bare, 'cart/main': bare });
    expect(pages.map(({ page, parts }) => [page, parts.map((part) => [part.place, part.blocks.length])])).toEqual([['index', [['index/hero', 1]]]]);
  });
});

describe('the audit trail', () => {
  const entry = (id: string, second: number): AuditEntry => ({ id, at: at(second * 1000), actor: 'admin:a', action: 'store.went_live', subject: 's', detail: {} });

  it('names every document that tells of a store', () => {
    expect(subjectsOf({ store_id: 's1', merchant_id: 'm1', provisioning: { id: 'p1' } }, ['modern'])).toEqual([
      'stores/s1', 'merchants/m1', 'activation_requests/p1', 'provisionings/p1', 'tenants/s1/themes/modern',
    ]);
  });

  it('shows nothing that an unread entry could stand before', () => {
    const whole = extend(undefined, { items: [entry('a', 9), entry('b', 1)], next_cursor: null });
    const begun = extend(undefined, { items: [entry('c', 8), entry('d', 5)], next_cursor: 'more' });
    expect(merge([whole, begun]).map((one) => one.id)).toEqual(['a', 'c', 'd']);
    const read = extend(begun, { items: [entry('e', 3)], next_cursor: null });
    expect(merge([whole, read]).map((one) => one.id)).toEqual(['a', 'c', 'd', 'e', 'b']);
  });
});

describe('small things', () => {
  it('another plan says what changes', () => {
    const [starter, professional] = PLANS;
    if (!starter || !professional) throw new Error('no plans');
    expect(changesBetween(starter, professional)).toEqual([
      { name: 'Price', before: '$29.99 a month', after: '$79.99 a month' },
      { name: 'Products', before: '100', after: '1,000' },
    ]);
    expect(changesBetween(starter, starter)).toEqual([]);
  });

  it('a file’s name tells what it shows, but not a camera’s number', () => {
    expect(altFrom('oak-breadboard.jpg')).toBe('Oak breadboard');
    expect(altFrom('IMG_2041.jpg')).toBe('');
    expect(checkFile({ type: 'image/gif', size: 1 })).toBe('type');
    expect(checkFile({ type: 'image/png', size: 40 * 1024 * 1024 })).toBe('size');
  });

  it('facts are said in lines, and addresses lead to known parts only', () => {
    expect(linesOf({ valid_until: '2027-01-01', names: ['a', 'b'], gone: null })).toEqual([{ name: 'Valid until', value: '2027-01-01' }, { name: 'Names', value: 'a, b' }]);
    expect(readSection('nothing')).toBeNull();
    expect(placeOf('m/1', 'theme', 's1')).toBe('/merchants/m%2F1/theme?store=s1');
  });
});
