import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds the API and the stores: a runtime that `provisioning up` serves. */
const runtime = process.env.PROVISIONING_URL ?? 'http://localhost:8080';

/** The pictures by which one chooses a theme, from the theme packages themselves: `/themes/<slug>.webp`. */
function themePictures(): Plugin {
  const themes = join(import.meta.dirname, '../themes');
  const picture = (slug: string) => join(themes, slug, 'preview/thumbnail.webp');
  return {
    name: 'theme-pictures',
    generateBundle() {
      for (const slug of existsSync(themes) ? readdirSync(themes) : []) {
        if (existsSync(picture(slug))) this.emitFile({ type: 'asset', fileName: `themes/${slug}.webp`, source: readFileSync(picture(slug)) });
      }
    },
    configureServer(server) {
      server.middlewares.use('/themes/', (request, response, next) => {
        const slug = /^\/([a-z0-9-]+)\.webp$/.exec(request.url ?? '')?.[1];
        if (slug && existsSync(picture(slug))) response.setHeader('Content-Type', 'image/webp').end(readFileSync(picture(slug)));
        else next();
      });
    },
  };
}

export default defineConfig({
  plugins: [react(), themePictures()],
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
