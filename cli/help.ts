/** Help that teaches: what there is, and for each command what it does, how it is called, and an example. */
import type { Command, Option } from './command.ts'

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
  return [
    'mosaic: see threats early, warn each other across borders, respond together.',
    '',
    'Usage: mosaic COMMAND [OPTIONS]',
    '',
    ...lines,
    '',
    'mosaic COMMAND --help explains one. Data on standard output, talk on standard error;',
    '--json gives one object per line. Exit 0 done, 1 refused or failed, 2 wrong usage.',
  ].join('\n')
}

export function helpOf(command: Command, everywhere: Readonly<Record<string, Option>>): string {
  const options = Object.entries({ ...command.options, ...everywhere }).map(
    ([name, option]) =>
      [`--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`, option.help] as const,
  )
  const width = Math.max(...options.map(([name]) => name.length))
  return [
    `Usage: mosaic ${command.name}${command.arguments ? ` ${command.arguments}` : ''} [OPTIONS]`,
    '',
    command.summary,
    '',
    command.teaches,
    '',
    ...options.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`),
  ].join('\n')
}
