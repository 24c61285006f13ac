/**
 * `npm run bench` = `node bench/main.ts [NAME…] [--json] [--quick]`: runs each bench in a child process of its own, one
 * after the other, and prints its table, or with --json its report as one line. Ctrl-C reaches the child too, which
 * stops its servers and removes its folder. Exit: 0 all ran, 1 one failed, 2 no such bench. An aim that is not reached
 * is no failure of the run: it stands in the report.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus, release } from 'node:os'
import { fileURLToPath } from 'node:url'

const benches = [
  'append',
  'latency',
  'memory',
  'access-decision',
  'list-with-handling',
  'sync',
  'cap',
  'region-sources',
]
const flags = process.argv.slice(2).filter((word) => word.startsWith('--'))
const names = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const unknown = names.filter((name) => !benches.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench "${unknown.join(', ')}"; there are ${benches.join(', ')}.\n`)
  process.exit(2)
}

process.on('SIGINT', () => {}) // the child got it as well and cleans up; its exit ends this
process.stderr.write(
  `Node ${process.version}, ${process.platform} ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}\n`,
)
for (const name of names.length > 0 ? names : benches) {
  const child = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), flags)
  const [code] = await once(child, 'exit')
  if (code !== 0) {
    process.exitCode = 1
    break
  }
}
