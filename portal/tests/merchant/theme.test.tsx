import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { beforeEach, describe, expect, it } from 'vitest';
import { DataError, DataProvider } from '../../src/data';
import { ThemeEditor } from '../../src/pages/merchant/ThemeEditor';
import { ToastProvider } from '../../src/ui';
import { FakeSource, STORE } from '../fakes';

const NOTHING = { preset: null, settings: {}, sections: {}, orders: {} };
const READ = {
  etag: '"v1"',
  value: {
    slug: 'upfront-modern', version: '1.0.0', live: true, published: NOTHING, draft: null, revision: 0, presets: ['ember'], preset: 'ember',
    preset_values: { ember: { color_text: '#171717', color_background: '#ffffff', logo_width: 140, logo: '' } },
    fonts: [], values: {}, sections: {}, dropped: [],
    settings: [
      {
        name: 'Colours',
        settings: [
          { type: 'color', id: 'color_background', label: 'Background' },
          { type: 'color', id: 'color_text', label: 'Text', contrast: [{ against: 'color_background', ratio: 7 }] },
          { type: 'image', id: 'logo', label: 'Logo' },
          { type: 'range', id: 'logo_width', label: 'Width of the logo', min: 40, max: 320, step: 10, visible_if: 'settings.logo' },
        ],
      },
    ],
  },
};

let source: FakeSource;
const ordered: unknown[] = [];
beforeEach(() => {
  source = new FakeSource();
  source.stores.answers.theme = READ;
  ordered.length = 0;
});

async function show(canAct = true) {
  const element = <ThemeEditor store={STORE} slug="upfront-modern" name="Upfront Modern" live onOrdered={(order) => ordered.push(order)} onChanged={() => undefined} />;
  const router = createMemoryRouter([{ path: '/', element }, { path: '/away', element: <p>away</p> }]);
  render(
    <DataProvider source={source} canAct={canAct}>
      <ToastProvider>
        <RouterProvider router={router} />
      </ToastProvider>
    </DataProvider>,
  );
  await screen.findByRole('textbox', { name: 'Text' });
  return router;
}

async function write(color: string) {
  const field = screen.getByRole('textbox', { name: 'Text' });
  await userEvent.clear(field);
  await userEvent.type(field, color);
}

const withDraft = (etag: string, color_text: string) => ({ etag, value: { ...READ.value, draft: { ...NOTHING, settings: { color_text } } } });

/** An answer that comes when the test says so. */
function later() {
  let resolve: (value: unknown) => void = () => undefined;
  const promise = new Promise((settle) => (resolve = settle));
  return { promise, resolve };
}

const calls = (name: string) => source.stores.calls.filter(([called]) => called === name);

describe('the form of a theme’s settings', () => {
  it('keeps only what differs, for the draft that was read', async () => {
    source.stores.answers.saveDraft = {};
    await show();
    await write('#003300');
    await userEvent.click(screen.getByRole('button', { name: 'Save draft' }));
    await waitFor(() => expect(calls('saveDraft')).toEqual([['saveDraft', 'store-1', 'upfront-modern', { ...NOTHING, settings: { color_text: '#003300' } }, '"v1"']]));
  });

  it('tells at once what nobody could read', async () => {
    await show();
    await write('#999999');
    expect(screen.getByText('Too close to “Background”: 2.8 to 1, and 7 is wanted')).toBeTruthy();
  });

  it('hides what depends on something else', async () => {
    await show();
    expect(screen.queryByRole('slider')).toBeNull();
  });

  it('gives a value back to the theme', async () => {
    await show();
    await write('#003300');
    await userEvent.click(screen.getByRole('button', { name: 'Reset Text to the theme’s value' }));
    expect(screen.getByRole('textbox', { name: 'Text' })).toHaveProperty('value', '#171717');
    expect(screen.getByRole('button', { name: 'Save draft' })).toHaveProperty('disabled', true);
  });

  it('shows the server’s words at their field, and keeps what was typed', async () => {
    source.stores.answers.saveDraft = new DataError(422, 'INVALID_INPUT', 'wrong', [{ field: 'settings.color_text', code: 'WRONG_VALUE', message: 'must be a colour' }]);
    await show();
    await write('#00330');
    await userEvent.click(screen.getByRole('button', { name: 'Save draft' }));
    expect(await screen.findByText('Must be a colour')).toBeTruthy();
    expect(screen.getByRole('textbox', { name: 'Text' })).toHaveProperty('value', '#00330');
  });

  it('overwrites nobody: who comes second is told', async () => {
    source.stores.answers.saveDraft = new DataError(412, 'PRECONDITION_FAILED', 'changed');
    await show();
    await write('#003300');
    await userEvent.click(screen.getByRole('button', { name: 'Save draft' }));
    expect(await screen.findByText('Somebody else has changed this draft')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Load theirs' }));
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Text' })).toHaveProperty('value', '#171717'));
  });

  it('publishes what is shown: what was not saved is saved first', async () => {
    source.stores.answers.saveDraft = {};
    source.stores.answers.publishDraft = { provisioning_id: 'run-9', revision: 1 };
    await show();
    await write('#003300');
    await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
    await waitFor(() => expect(ordered).toEqual([{ id: 'run-9', kind: 'publish' }]));
    const names = source.stores.calls.map(([name]) => name);
    expect(names.indexOf('saveDraft')).toBeLessThan(names.indexOf('publishDraft'));
  });

  it('takes nothing while it is saved, and goes on from what is kept then', async () => {
    const [saved, renewed] = [later(), later()];
    source.stores.answers.saveDraft = saved.promise;
    await show();
    await write('#003300');
    source.stores.answers.theme = renewed.promise;
    const field = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Text' });
    await userEvent.click(screen.getByRole('button', { name: 'Save draft' }));
    expect(field().disabled).toBe(true);
    await act(async () => saved.resolve({}));
    await waitFor(() => expect(calls('theme')).toHaveLength(2));
    expect([field().value, field().disabled]).toEqual(['#003300', true]);
    expect(screen.queryByText('Not saved')).toBeNull();
    await act(async () => renewed.resolve(withDraft('"v2"', '#003300')));
    await waitFor(() => expect(field().disabled).toBe(false));
    expect(field().value).toBe('#003300');
    await write('#004400');
    await userEvent.click(screen.getByRole('button', { name: 'Save draft' }));
    await waitFor(() => expect(calls('saveDraft').at(-1)?.slice(3)).toEqual([{ ...NOTHING, settings: { color_text: '#004400' } }, '"v2"']));
  });

  it('knows the draft that it saved also where publishing it failed', async () => {
    source.stores.answers.saveDraft = {};
    source.stores.answers.publishDraft = new DataError(409, 'CONFLICT', 'another publication is under way');
    await show();
    await write('#003300');
    source.stores.answers.theme = withDraft('"v2"', '#003300');
    await userEvent.click(screen.getByRole('button', { name: 'Publish' }));
    expect(await screen.findByText('another publication is under way')).toBeTruthy();
    await screen.findByText('Draft, not published');
    await write('#004400');
    await userEvent.click(screen.getByRole('button', { name: 'Save draft' }));
    await waitFor(() => expect(calls('saveDraft').at(-1)?.[4]).toBe('"v2"'));
  });

  it('asks before what was typed is thrown away', async () => {
    const router = await show();
    await write('#003300');
    void router.navigate('/away');
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(router.state.location.pathname).toBe('/');
    expect(screen.getByRole('textbox', { name: 'Text' })).toHaveProperty('value', '#003300');
  });

  it('changes nothing for who may only look', async () => {
    await show(false);
    expect(screen.getByRole('textbox', { name: 'Text' })).toHaveProperty('disabled', true);
    expect(screen.queryByRole('button', { name: 'Publish' })).toBeNull();
  });
});
