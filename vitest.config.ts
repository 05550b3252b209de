import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A process a file: tests start real servers and set environment variables.
    pool: 'forks',
    maxWorkers: 2,
  },
});
