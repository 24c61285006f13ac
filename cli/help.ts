/** Help that teaches: what there is, and for each command what it does, how it is called, and an example. */
import type { Command, Option } from './command.ts'

export function overview(commands: readonly Command[]): string {
  return [
    'mosaic: see threats early, warn each other across borders, respond together.',
    '',
    'Usage: mosaic COMMAND [OPTIONS]',
    '',
    ...linesOf(commands),
    '',
    'mosaic COMMAND --help explains one. Data on standard output, talk on standard error;',
    '--json gives one object per line. Exit 0 done, 1 refused or failed, 2 wrong usage.',
  ].join('\n')
}

/** Only what begins with the first word that was asked for: the whole list would push the answer off the screen. */
export function notFound(asked: readonly string[], commands: readonly Command[]): string {
  const near = commands.filter(({ name }) => name.split(' ')[0] === asked[0])
  return [
    `There is no command "${asked.join(' ')}".`,
    '',
    ...(near.length > 0 ? [...linesOf(near), ''] : []),
    'mosaic --help lists every command.',
  ].join('\n')
}

function linesOf(commands: readonly Command[]): readonly string[] {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
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
