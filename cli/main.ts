/** `mosaic`: finds the command, reads its options, runs it, and answers with its exit code. */
import { parseArgs } from 'node:util'
import { MosaicError } from '../engines/record/index.ts'
import { type Command, type ExitCode, Misused, type Option, type Values } from './command.ts'
import { commands } from './commands/index.ts'
import { helpOf, notFound, overview } from './help.ts'
import { processOutput } from './output.ts'

const everywhere: Readonly<Record<string, Option>> = {
  json: { type: 'boolean', help: 'one JSON object per line on standard output' },
  help: { type: 'boolean', help: 'explain this command' },
}

async function main(words: readonly string[]): Promise<ExitCode> {
  const out = processOutput
  const [command, rest] = find(words)
  if (!command) {
    const asked = words.filter((word) => !word.startsWith('-'))
    const isHelp = asked.length === 0 || asked[0] === 'help'
    if (isHelp) out.line(overview(commands))
    else out.say(notFound(asked, commands))
    return isHelp ? 0 : 2
  }
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  try {
    const { values, positionals } = read(command, rest)
    if (values['help']) {
      out.line(helpOf(command, everywhere))
      return 0
    }
    return await command.run({
      command: command.name,
      values,
      positionals,
      json: values['json'] === true,
      out,
      signal: stop.signal,
    })
  } catch (error) {
    return explain(error, command)
  }
}

/** The longest command name that the words begin with. */
function find(words: readonly string[]): readonly [Command | undefined, readonly string[]] {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(' ')
    const command = commands.find((one) => one.name === name)
    if (command) return [command, words.slice(length)]
  }
  return [undefined, words]
}

function read(
  command: Command,
  words: readonly string[],
): { readonly values: Values; readonly positionals: readonly string[] } {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...everywhere }).map(([name, { type, multiple = false }]) => [
      name,
      { type, multiple },
    ]),
  )
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new Misused(misread(error, options))
  }
  const { values, positionals } = parsed
  const [min, max] = command.takes
  const isCounted = positionals.length >= min && positionals.length <= max
  if (!isCounted && !values['help'])
    throw new Misused(`"${command.name}" takes ${command.arguments ?? 'no arguments'}.`)
  return { values: values as Values, positionals }
}

/** Node tells of an unknown option what to do with it as a file name, and not which there are. */
function misread(error: unknown, options: Readonly<Record<string, unknown>>): string {
  const message = error instanceof Error ? error.message : String(error)
  const [, unknown] = /^Unknown option '([^']+)'/.exec(message) ?? []
  if (unknown === undefined) return message
  const names = Object.keys(options).map((name) => `--${name}`)
  return `There is no option ${unknown}; there ${names.length > 1 ? 'are' : 'is'} ${names.join(', ')}.`
}

function explain(error: unknown, command: Command): ExitCode {
  if (error instanceof Misused) {
    processOutput.say(`${error.message}\n\n${helpOf(command, everywhere)}`)
    return 2
  }
  if (error instanceof MosaicError) {
    processOutput.say(`${error.message} (${error.code})`)
    return 1
  }
  processOutput.say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 1
}

process.exitCode = await main(process.argv.slice(2))
