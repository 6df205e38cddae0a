// @vitest-environment node
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, it, vi } from 'vitest';
import { DURATIONS, PLANS, provisioning, STORE, THEMES } from './fakes';

const portal = join(import.meta.dirname, '..');
/** What README.md says has to be taken. */
const TAKEN = ['data', 'provisioning', 'texts', 'ui'];

const APP = `
import { createRoot } from 'react-dom/client';
import { configureStore } from '@reduxjs/toolkit';
import './src/ui/tokens.css';
import { DataProvider } from './src/data';
import { ApiSource } from './src/data/api/source';
import { MerchantActivationModal, ProvisioningLogs, ProvisioningStatus, ProvisionStoreButton } from './src/provisioning';
import { provisioningReducer } from './src/provisioning/provisioningSlice';
import { ToastProvider } from './src/ui';

configureStore({ reducer: { provisioning: provisioningReducer } });
const source = new ApiSource('/api/provisioning', { token: async () => 'token', refused: () => undefined });
createRoot(document.body).render(
  <DataProvider source={source} canAct>
    <ToastProvider>
      <section id="button"><ProvisionStoreButton storeId="s" storeName="S" /></section>
      <section id="status"><ProvisioningStatus storeId="s" /></section>
      <section id="logs"><ProvisioningLogs storeId="s" /></section>
      <MerchantActivationModal open onOpenChange={() => undefined} storeId="s" storeName="S" />
    </ToastProvider>
  </DataProvider>,
);
`;

/** What the app asks for, by the end of its address. */
const ANSWERS: Record<string, unknown> = {
  themes: { items: THEMES, next_cursor: null },
  plans: { items: PLANS, next_cursor: null },
  durations: DURATIONS,
  s: STORE,
};

it('a bare Vite app takes the components, with nothing else of the portal', async () => {
  const bare = await mkdtemp(join(tmpdir(), 'bare-'));
  try {
    for (const folder of TAKEN) await cp(join(portal, 'src', folder), join(bare, 'src', folder), { recursive: true });
    await symlink(join(portal, 'node_modules'), join(bare, 'node_modules'));
    await writeFile(join(bare, 'main.tsx'), APP);
    await writeFile(join(bare, 'index.html'), '<!doctype html><script type="module" src="/main.tsx"></script>');
    // One classic script, as jsdom knows no modules.
    const output = { format: 'iife', codeSplitting: false } as const;
    const built = await build({ root: bare, configFile: false, logLevel: 'silent', build: { write: false, cssCodeSplit: false, rolldownOptions: { output } } });
    const files = 'output' in built ? built.output : [];
    const scripts = files.flatMap((file) => (file.type === 'chunk' ? [file.code] : []));
    expect(scripts).toHaveLength(1);
    expect(files.some((file) => file.fileName.endsWith('.css'))).toBe(true);
    await mount(scripts[0] ?? '');
  } finally {
    await rm(bare, { recursive: true });
  }
}, 60_000);

/** Runs the app in a window, and looks whether each component draws what arrives. */
async function mount(script: string): Promise<void> {
  const window = openWindow();
  try {
    window.eval(script);
    const drawn = (part: string) => window.document.querySelector(part)?.textContent ?? '';
    await vi.waitFor(() => {
      expect(drawn('#button')).toBe('Open store');
      expect(drawn('#status')).toContain('Prove that it works');
      expect(drawn('#logs')).toContain('Log');
      expect(drawn('dialog[open]')).toContain('Choose a theme');
      expect(drawn('dialog[open]')).toContain('Upfront Modern');
    }, 20_000);
    expect(window.document.querySelector('#status progress')).toHaveProperty('value', 100);
  } finally {
    window.close();
  }
}

type Opened = Window & { eval(script: string): void };

function openWindow(): Opened {
  const { JSDOM } = createRequire(import.meta.url)('jsdom') as { JSDOM: new (html: string, options: object) => { window: Opened & typeof globalThis } };
  const { window } = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/', runScripts: 'outside-only', pretendToBeVisual: true });
  // What every browser has, and jsdom has not.
  Object.assign(window, { Headers, Response, ReadableStream, TextDecoder, TextDecoderStream, fetch: answer });
  Object.assign(window.HTMLDialogElement.prototype, {
    showModal(this: HTMLDialogElement) {
      this.setAttribute('open', '');
    },
  });
  return window;
}

function answer(address: string): Promise<Response> {
  const name = address.split('/').at(-1)?.split('?')[0] ?? '';
  if (name === 'events') return Promise.resolve(new Response(`event: provisioning\ndata: ${JSON.stringify(provisioning(7))}\n\n`, { headers: { 'Content-Type': 'text/event-stream' } }));
  return Promise.resolve(name in ANSWERS ? Response.json(ANSWERS[name]) : Response.json({ code: 'NOT_FOUND' }, { status: 404 }));
}
