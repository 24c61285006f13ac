import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { scratchOf } from './test/support/scratch.ts'
import { SummaryReporter } from './test/support/summary-reporter.ts'

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['node_modules/**', 'web/dist/**'],
    globalSetup: ['./test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    env: {
      // For the many child processes that run the program itself: each starts in half the time.
      NODE_COMPILE_CACHE: fileURLToPath(new URL('./node_modules/.cache/mosaic', import.meta.url)),
      TMPDIR: scratchOf(process.pid),
      MOSAIC_TEST_CACHE: tmpdir(), // what outlives the run
    },
    reporters: ['default', new SummaryReporter()],
  },
})
