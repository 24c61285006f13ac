/**
 * Closes a run with one plain line: `N passed, N failed, N skipped`. Tests over the shared data skip where it is not on
 * the machine; where it is, a skip is a failure, because then something was left unchecked that could have been.
 */
import { existsSync } from 'node:fs'
import type { Reporter, TestCase } from 'vitest/node'
import { sharedRoot } from './shared-root.ts'

export class SummaryReporter implements Reporter {
  readonly #counts = { passed: 0, failed: 0, skipped: 0, pending: 0 }
  readonly #skipped: string[] = []

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result()
    this.#counts[state] += 1
    if (state === 'skipped') this.#skipped.push(test.fullName)
  }

  onTestRunEnd(): void {
    const { passed, failed, skipped } = this.#counts
    if (skipped > 0 && existsSync(sharedRoot)) {
      process.stdout.write(
        `Skipped although the shared data is here:\n${this.#skipped.map((name) => `  ${name}`).join('\n')}\n`,
      )
      process.exitCode = 1
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  }
}
