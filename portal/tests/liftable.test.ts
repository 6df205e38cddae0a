// @vitest-environment node
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, it } from 'vitest';

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
      <ProvisionStoreButton storeId="s" storeName="S" />
      <ProvisioningStatus storeId="s" />
      <ProvisioningLogs storeId="s" />
      <MerchantActivationModal open onOpenChange={() => undefined} storeId="s" storeName="S" />
    </ToastProvider>
  </DataProvider>,
);
`;

it('a bare Vite app takes the components, with nothing else of the portal', async () => {
  const bare = await mkdtemp(join(tmpdir(), 'bare-'));
  try {
    for (const folder of TAKEN) await cp(join(portal, 'src', folder), join(bare, 'src', folder), { recursive: true });
    await symlink(join(portal, 'node_modules'), join(bare, 'node_modules'));
    await writeFile(join(bare, 'main.tsx'), APP);
    await writeFile(join(bare, 'index.html'), '<!doctype html><script type="module" src="/main.tsx"></script>');
    const built = await build({ root: bare, configFile: false, logLevel: 'silent', build: { write: false } });
    const files = 'output' in built ? built.output.map((file) => file.fileName) : [];
    expect(files.some((name) => name.endsWith('.js'))).toBe(true);
    expect(files.some((name) => name.endsWith('.css'))).toBe(true);
  } finally {
    await rm(bare, { recursive: true });
  }
}, 60_000);
