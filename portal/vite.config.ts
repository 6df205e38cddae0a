import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev` finds the API and the stores: a runtime that `provisioning up` serves. */
const runtime = process.env.PROVISIONING_URL ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    // Its only inline part; every browser that can run the portal knows the element.
    modulePreload: { polyfill: false },
    manifest: true,
    // One `data:` address less to allow, and one cache entry more.
    assetsInlineLimit: 0,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/config.json'].map((path) => [path, { target: runtime, changeOrigin: true }]),
    ),
  },
});
