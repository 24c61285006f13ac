import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './test/support/summary-reporter.ts'

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['node_modules/**', 'web/dist/**'],
    globalSetup: ['./test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // For the many child processes that run the program itself: each starts in half the time.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/mosaic', import.meta.url)) },
    reporters: ['default', new SummaryReporter()],
  },
})
