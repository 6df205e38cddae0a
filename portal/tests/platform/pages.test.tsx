import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { DataError, type User } from '../../src/data';
import { Component as AuditLog } from '../../src/pages/auditLog/AuditLogPage';
import { Component as DeadLetters } from '../../src/pages/deadLetters/DeadLettersPage';
import { Component as Overview } from '../../src/pages/overview/OverviewPage';
import { Component as Plans } from '../../src/pages/plans/PlansPage';
import { Component as Provisionings } from '../../src/pages/provisionings/ProvisioningsPage';
import { Component as Stores } from '../../src/pages/stores/StoresPage';
import { Component as Themes } from '../../src/pages/themes/ThemesPage';
import { Component as Trials } from '../../src/pages/trials/TrialsPage';
import { Component as Users } from '../../src/pages/users/UsersPage';
import { LETTER, OVERVIEW } from '../fakePlatform';
import { failed, FakeSource, PLANS, provisioning, THEMES } from '../fakes';
import { show } from './frame';

let source: FakeSource;
beforeEach(() => {
  source = new FakeSource();
});

const click = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }));
const called = (name: string) => source.platform.calls.filter((call) => call[0] === name);
const address = () => screen.getByTestId('address').textContent;

describe('the overview', () => {
  beforeEach(() => {
    source.platform.overview = OVERVIEW;
  });

  it('leads from each figure to its list', async () => {
    show(<Overview />, { source });
    const rate = await screen.findByRole('link', { name: /Success rate/ });
    expect(rate.textContent).toContain('70%');
    expect(rate.textContent).toContain('2 failed of 10');
    expect(rate.getAttribute('href')).toBe('/provisionings?status=failed');
    expect(screen.getByRole('link', { name: /Time to a store/ }).textContent).toContain('1.4 s');
    expect(screen.getByRole('link', { name: 'Suspended' }).getAttribute('href')).toBe('/stores?status=suspended');
    expect(screen.getByRole('link', { name: /newest with/ }).getAttribute('href')).toBe('/provisionings/run-9');
  });

  it('says what a chart shows in a table, whether that is seen or not', async () => {
    show(<Overview />, { source });
    const table = await screen.findByRole('table', { name: 'Activations per day' });
    const rows = within(table).getAllByRole('row').map((row) => row.textContent);
    expect(rows.at(-1)).toBe('Nov 213121');
    await userEvent.click(screen.getAllByRole('button', { name: 'As a table' })[0] as HTMLElement);
    expect(screen.getAllByRole('button', { name: 'As a chart' })).toHaveLength(1);
  });

  it('replays a dead letter on the spot, and says why it could not', async () => {
    show(<Overview />, { source });
    source.platform.refusal = new DataError(409, 'NOT_RETRYABLE', 'a retry cannot help');
    await click(/^Replay: /);
    expect(called('replay')).toEqual([['replay', 'l1']]);
    expect(await screen.findByText('a retry cannot help')).toBeTruthy();
  });

  it('offers nothing to do to who may only look', async () => {
    show(<Overview />, { source, canAct: false });
    await screen.findByRole('link', { name: 'It did not work after four attempts' });
    expect(screen.queryByRole('button', { name: /^Replay/ })).toBeNull();
  });

  it('makes nothing up while nothing has ended', async () => {
    source.platform.overview = { ...OVERVIEW, success_rate: null, seconds: null, failures: [], dead_letters: { open: 0, newest: [] } };
    show(<Overview />, { source });
    expect((await screen.findByRole('link', { name: /Success rate/ })).textContent).toContain('Nothing has ended yet');
    expect(screen.getByText('Nothing stands failed.')).toBeTruthy();
  });

  it('says that steps go wrong on purpose', async () => {
    source.platform.switched = { ...source.platform.switched, faults: [{ step: 'deploy_website', kind: 'slow', times: null, seconds: 2 }] };
    show(<Overview />, { source });
    expect(await screen.findByText('1 step goes wrong on purpose')).toBeTruthy();
  });
});

describe('the list of provisionings', () => {
  it('asks for what the address says, and writes there what is chosen', async () => {
    source.platform.provisionings = { items: [failed(5), provisioning(2, { id: 'run-2', store_name: 'Moss' })], next_cursor: 'more' };
    show(<Provisionings />, { source, at: '/provisionings?status=standing_still' });
    expect(await screen.findByText('The welcome mail was refused')).toBeTruthy();
    expect(screen.getByRole('progressbar', { name: 'Progress of Moss' })).toHaveProperty('value', 25);
    expect(called('provisionings').at(-1)?.[1]).toMatchObject({ stuck: true, kind: 'activation' });

    await userEvent.click(screen.getByRole('radio', { name: 'Failed' }));
    expect(address()).toBe('/?status=failed'.replace('/?', '/provisionings?'));
    await waitFor(() => expect(called('provisionings').at(-1)?.[1]).toMatchObject({ status: 'FAILED' }));

    await click('Next page');
    await waitFor(() => expect(called('provisionings').at(-1)?.[1]).toMatchObject({ status: 'FAILED', cursor: 'more' }));
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Kind' }), 'publication');
    expect(address()).toBe('/provisionings?status=failed&kind=publication');
  });
});

describe('a list that is asked for something else', () => {
  it('leads on from what is asked for now alone', async () => {
    source.platform.provisionings = { items: [provisioning(2, { store_name: 'Moss' })], next_cursor: 'more' };
    show(<Provisionings />, { source });
    expect((await screen.findByRole('button', { name: 'Next page' })).hasAttribute('disabled')).toBe(false);
    source.platform.silent = true;
    await userEvent.click(screen.getByRole('radio', { name: 'Failed' }));
    await waitFor(() => expect(called('provisionings').at(-1)?.[1]).toMatchObject({ status: 'FAILED' }));
    expect(screen.queryByRole('button', { name: 'Next page' })?.hasAttribute('disabled') ?? true).toBe(true);
    expect(screen.getByText('Moss').closest('[aria-busy=true]')).not.toBeNull();
  });

  it('shows no old figures as those of another time', async () => {
    source.platform.overview = OVERVIEW;
    show(<Overview />, { source });
    const rate = await screen.findByRole('link', { name: /Success rate/ });
    expect(rate.closest('[aria-busy=true]')).toBeNull();
    source.platform.silent = true;
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Period' }), '30');
    await waitFor(() => expect(called('overview').at(-1)).toEqual(['overview', 30]));
    expect(screen.getByRole('link', { name: /Success rate/ }).closest('[aria-busy=true]')).not.toBeNull();
  });
});

describe('dead letters', () => {
  beforeEach(() => {
    source.platform.letters = [LETTER];
  });

  it('are replayed once somebody has said so', async () => {
    show(<DeadLetters />, { source });
    await click(/^Replay: /);
    const dialog = within(screen.getByRole('dialog'));
    expect(called('replay')).toEqual([]);
    await userEvent.click(dialog.getByRole('button', { name: 'Replay' }));
    expect(called('replay')).toEqual([['replay', 'l1']]);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('are shown by their address with what to do, and closed from there', async () => {
    show(<DeadLetters />, { source, at: '/dead-letters?letter=l1' });
    expect(await screen.findByText('Retry when it answers again.')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'run-1' }).getAttribute('href')).toBe('/provisionings/run-1');
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Close letter' }));
    source.platform.refusal = new DataError(409, 'NOT_OPEN', 'somebody else closed it');
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Close letter' }));
    expect(await screen.findByText('somebody else closed it')).toBeTruthy();
    expect(called('close')).toEqual([['close', 'l1']]);
  });

  it('only show themselves to who may only look', async () => {
    show(<DeadLetters />, { source, canAct: false });
    await click(/^Show: /);
    await screen.findByText('Retry when it answers again.');
    expect(screen.queryByRole('button', { name: /^Replay/ })).toBeNull();
    expect(within(screen.getByRole('dialog')).getAllByRole('button')).toHaveLength(1);
  });
});

describe('users', () => {
  const person = (uid: string, role: 'admin' | 'support'): User => ({ uid, email: `${uid}@example.com`, role, disabled: false });

  it('nobody changes their own role', async () => {
    source.platform.people = [person('me', 'admin'), person('other', 'admin')];
    show(<Users />, { source });
    expect(await screen.findByText('Nobody changes their own role')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Take role away: me@example.com' })).toBeNull();
    await click('Take role away: other@example.com');
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Take role away' }));
    expect(called('takeRole')).toEqual([['takeRole', 'other@example.com']]);
  });

  it('the last administrator stays, also when the list is older than the truth', async () => {
    source.platform.people = [person('boss', 'admin'), person('helper', 'support')];
    show(<Users />, { source });
    expect(await screen.findByText('The last administrator stays')).toBeTruthy();
    source.platform.refusal = new DataError(409, 'LAST_ADMIN', 'it is the last administrator');
    await click('Change role of helper@example.com');
    const dialog = within(screen.getByRole('dialog'));
    expect(dialog.getByRole('button', { name: 'Change role' })).toHaveProperty('disabled', true);
    await userEvent.click(dialog.getByRole('radio', { name: /Administrator/ }));
    await userEvent.click(dialog.getByRole('button', { name: 'Change role' }));
    expect(await dialog.findByText('it is the last administrator')).toBeTruthy();
  });

  it('are granted a role by their address', async () => {
    show(<Users />, { source });
    await click('Grant a role');
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.type(dialog.getByRole('textbox'), 'new@example.com');
    await userEvent.click(dialog.getByRole('button', { name: 'Grant a role' }));
    expect(called('setRole')).toEqual([['setRole', 'new@example.com', 'support']]);
    expect(await screen.findByText('new@example.com: Support')).toBeTruthy();
  });

  it('are not for support', () => {
    show(<Users />, { source, canAct: false });
    expect(screen.getByText('For administrators alone')).toBeTruthy();
  });
});

describe('plans', () => {
  beforeEach(() => {
    source.platform.entries.plan = PLANS[0] ?? null;
  });

  it('are changed as they were read, for nobody who was quicker to be overwritten', async () => {
    show(<Plans />, { source });
    await click('Edit Starter');
    const dialog = within(await screen.findByRole('dialog'));
    const price = dialog.getByRole('textbox', { name: 'Price' });
    await userEvent.clear(price);
    await userEvent.type(price, '31,50');
    await userEvent.clear(dialog.getByRole('spinbutton', { name: 'Products' }));
    source.platform.refusal = new DataError(412, 'PRECONDITION_FAILED', 'the plan has changed since you read it');
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    expect(await dialog.findByText('the plan has changed since you read it')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: 'Save' }));
    const [, , slug, sent, etag] = called('replace').at(-1) as [string, string, string, (typeof PLANS)[0], string];
    expect([slug, etag]).toEqual(['starter', '"7"']);
    expect(sent).toEqual({ ...PLANS[0], price: 3150, limits: { ...PLANS[0]?.limits, products: null } });
    expect(await screen.findByText('Starter is saved.')).toBeTruthy();
  });

  it('tell what is wrong at the field', async () => {
    show(<Plans />, { source });
    await click('New plan');
    const dialog = within(screen.getByRole('dialog'));
    await userEvent.type(dialog.getByRole('textbox', { name: 'Name' }), 'Trial');
    await userEvent.type(dialog.getByRole('textbox', { name: 'Id' }), 'TRIAL');
    await userEvent.type(dialog.getByRole('textbox', { name: 'Description' }), 'For a month.');
    source.platform.refusal = new DataError(422, 'INVALID_INPUT', 'fields are wrong', [{ field: 'slug', code: 'NOT_A_SLUG', message: 'must be lower case' }]);
    await userEvent.click(dialog.getByRole('button', { name: 'Create' }));
    expect(await dialog.findByText('must be lower case')).toBeTruthy();
    expect(dialog.getByRole('textbox', { name: 'Id' }).getAttribute('aria-invalid')).toBe('true');
    expect(dialog.queryByText('fields are wrong')).toBeNull();
  });

  it('stay while stores have them, and say which', async () => {
    show(<Plans />, { source });
    await click('Delete Starter');
    source.platform.refusal = new DataError(409, 'IN_USE', 'in use', [], null, [{ store_id: 's1', name: 'Moss Studio' }]);
    await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    expect((await screen.findByRole('link', { name: 'Moss Studio' })).getAttribute('href')).toBe('/stores/s1');
    expect(screen.getByRole('dialog')).toBeTruthy();
  });

  it('are not changed by who may only look', async () => {
    show(<Plans />, { source, canAct: false });
    await screen.findByText('Starter');
    expect(screen.queryAllByRole('button')).toHaveLength(0);
  });
});

describe('themes', () => {
  const archive = new File(['zip'], 'mine.upfront-theme.zip', { type: 'application/zip' });
  const finding = (severity: 'error' | 'warning') => ({ file: 'templates/index.html', line: 12, column: 4, code: 'MK01', severity, message: 'a script stands here', fix: 'take it out' });

  async function choose() {
    show(<Themes />, { source });
    await click('Upload theme');
    await userEvent.upload(document.querySelector('input[type=file]') as HTMLInputElement, archive);
    return within(screen.getByRole('dialog'));
  }

  it('take a picture only from where the portal can show it', async () => {
    show(<Themes />, { source });
    await click('New entry');
    const picture = screen.getByRole('textbox', { name: /Picture/ });
    await userEvent.type(picture, 'https://pictures.example.com/mine.webp');
    expect(screen.getByText('The portal shows pictures of this host and of stores only.')).toBeTruthy();
    for (const [name, value] of [['Name', 'Mine'], ['Id', 'mine'], ['Description', 'Mine.']] as const) await userEvent.type(screen.getByRole('textbox', { name }), value);
    await click('Create');
    expect(called('create')).toEqual([]);
    await userEvent.clear(picture);
    await userEvent.type(picture, '/themes/mine.webp');
    await click('Create');
    await waitFor(() => expect(called('create')).toHaveLength(1));
    expect(called('create')[0]?.[2]).toMatchObject({ preview: '/themes/mine.webp' });
  });

  it('are looked through before they are kept, and kept out by an error', async () => {
    source.platform.checked = { slug: 'mine', version: '1.0.0', files: 3, kept: false, findings: [finding('error')] };
    const dialog = await choose();
    expect(await dialog.findByText('1 error keeps it out')).toBeTruthy();
    expect(dialog.getByText('templates/index.html')).toBeTruthy();
    expect(dialog.getByText('12:4')).toBeTruthy();
    expect(dialog.getByText('take it out')).toBeTruthy();
    expect(dialog.getByRole('button', { name: 'Import' })).toHaveProperty('disabled', true);
    expect(called('importTheme')).toEqual([['importTheme', true]]);
  });

  it('are imported in spite of a warning, when somebody says so', async () => {
    source.platform.checked = { slug: 'mine', version: '1.0.0', files: 3, kept: false, findings: [finding('warning')] };
    const dialog = await choose();
    expect(await dialog.findByText('1 warning, which does not keep it out.')).toBeTruthy();
    await userEvent.click(dialog.getByRole('button', { name: 'Import' }));
    expect(called('importTheme')).toEqual([['importTheme', true], ['importTheme', false]]);
    expect(await screen.findByText(/mine is imported/)).toBeTruthy();
  });

  it('say what is no package at all', async () => {
    source.platform.checked = { slug: 'mine', version: '1.0.0', files: 3, kept: false, findings: [] };
    source.platform.refusal = new DataError(422, 'INVALID_INPUT', 'wrong', [{ field: 'archive', code: 'NOT_A_ZIP', message: 'is no ZIP file' }]);
    const dialog = await choose();
    expect(await dialog.findByText('is no ZIP file')).toBeTruthy();
    expect(dialog.getByRole('button', { name: 'Import' })).toHaveProperty('disabled', true);
  });

  it('are activated from their newest state', async () => {
    source.platform.entries.theme = { ...THEMES[2], description: 'newer than what is shown' } as (typeof THEMES)[0];
    show(<Themes />, { source });
    await click('Activate Retired');
    await waitFor(() => expect(called('replace')).toEqual([['replace', 'theme', 'retired', { ...THEMES[2], description: 'newer than what is shown', active: true }, '"7"']]));
  });

  it('can be downloaded by who may only look, and nothing else', async () => {
    show(<Themes />, { source, canAct: false });
    await screen.findByRole('button', { name: 'Download Upfront Classic' });
    expect(screen.getAllByRole('button').every((button) => button.getAttribute('aria-label')?.startsWith('Download'))).toBe(true);
  });
});

describe('stores', () => {
  it('are looked for by what they have', async () => {
    source.platform.store = [{ store_id: 's1', name: 'Moss', merchant_id: 'm1', subdomain: 'moss', status: 'READY', theme: 'upfront-modern', plan: 'starter' }];
    show(<Stores />, { source, at: '/stores?theme=upfront-modern&status=ready' });
    expect((await screen.findByRole('link', { name: 'Moss' })).getAttribute('href')).toBe('/stores/s1');
    expect(called('stores').at(-1)?.[1]).toMatchObject({ theme: 'upfront-modern', status: 'READY' });
    await click('Theme: upfront-modern');
    await waitFor(() => expect(called('stores').at(-1)?.[1]).toMatchObject({ theme: undefined, status: 'READY' }));
  });
});

describe('the audit log', () => {
  it('is looked through by who did it and what it is about', async () => {
    show(<AuditLog />, { source, at: '/audit-log?subject=stores/s1' });
    expect(await screen.findByText('Plan removed')).toBeTruthy();
    expect(screen.getByText('why: nobody has it')).toBeTruthy();
    expect(called('auditLog').at(-1)?.[1]).toMatchObject({ subject: 'stores/s1' });
    await click('Only by admin:u1');
    await waitFor(() => expect(called('auditLog').at(-1)?.[1]).toMatchObject({ subject: 'stores/s1', actor: 'admin:u1' }));
    await click('Next page');
    await waitFor(() => expect(called('auditLog').at(-1)?.[1]).toMatchObject({ actor: 'admin:u1', cursor: 'next' }));
    await click('Show all');
    await waitFor(() => expect(called('auditLog').at(-1)?.[1]).toMatchObject({ subject: undefined, actor: undefined, cursor: undefined }));
  });
});

describe('the switch that breaks a step', () => {
  it('is turned on for one step more, and off again', async () => {
    source.platform.switched.faults = [{ step: 'send_credentials', kind: 'hang', times: null, seconds: null }];
    show(<Trials />, { source });
    await userEvent.click(await screen.findByRole('radio', { name: /^Slow/ }));
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'How often' }), '');
    await click('Switch on');
    const slow = { step: 'deploy_website', kind: 'slow', times: null, seconds: 3 };
    expect(called('setFaults')).toEqual([['setFaults', [{ step: 'send_credentials', kind: 'hang', times: null, seconds: null }, slow]]]);
    await click('Turn off: Send the welcome mail');
    expect(called('setFaults').at(-1)).toEqual(['setFaults', [slow]]);
  });

  it('leaves alone what somebody else has switched on meanwhile', async () => {
    show(<Trials />, { source });
    await screen.findByRole('button', { name: 'Switch on' });
    const theirs = { step: 'send_credentials', kind: 'hang', times: 2, seconds: null } as const;
    source.platform.switched = { ...source.platform.switched, faults: [theirs] };
    await click('Switch on');
    expect(called('setFaults')).toEqual([['setFaults', [theirs, { step: 'deploy_website', kind: 'fail', times: 1, seconds: null }]]]);
    expect(await screen.findByRole('button', { name: 'Turn off: Send the welcome mail' })).toBeTruthy();
  });

  it('has one fault for a step: another takes its place', async () => {
    source.platform.switched.faults = [{ step: 'deploy_website', kind: 'hang', times: null, seconds: null }];
    show(<Trials />, { source });
    await click('Switch on');
    expect(called('setFaults').at(-1)).toEqual(['setFaults', [{ step: 'deploy_website', kind: 'fail', times: 1, seconds: null }]]);
  });

  it('is not there where stores are real', () => {
    show(<Trials />, { source, faults: false });
    expect(screen.getByText('On local runtimes alone')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });
});
