import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/setup.ts'],
    restoreMocks: true,
    testTimeout: 30_000,
    // A browser for each file is most of the time that the tests take.
    isolate: false,
    maxWorkers: 1,
    css: { modules: { classNameStrategy: 'non-scoped' } },
  },
});
