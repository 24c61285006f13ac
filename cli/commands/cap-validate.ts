import { type CapVerdict, readCap } from '../../engines/formats/index.ts'
import type { Command } from '../command.ts'
import { FileUnreadable, readFileOf } from '../read-file.ts'

export const capValidate: Command = {
  name: 'cap validate',
  summary: 'Say whether CAP messages are clean, publishable with defects, or to be withheld.',
  teaches: [
    'Reads CAP 1.2 and 1.1. Every defect names its rule, the place in the message, and what stood there.',
    'With --json one line per file: {file, verdict, defects: [{rule, place, value, message}]}. Exit 1 when one is withheld.',
    '',
    'Example: mosaic cap validate warning.xml --json',
  ].join('\n'),
  arguments: 'FILE…',
  takes: [1, Number.POSITIVE_INFINITY],
  options: {},
  run: async ({ positionals, json, out }) => {
    let isWithheld = false
    for (const file of positionals) {
      const { verdict, defects } = await verdictOn(file)
      isWithheld ||= verdict === 'withhold'
      if (json) out.object({ file, verdict, defects })
      else out.line(`${verdict.padEnd(8)}  ${file}`)
      if (!json) for (const one of defects) out.line(`          ${one.place}  ${one.rule}: ${one.message}`)
    }
    return isWithheld ? 1 : 0
  },
}

/** A file that cannot be read is withheld like any other, and does not keep the rest from being looked at. */
async function verdictOn(file: string): Promise<Pick<CapVerdict, 'verdict' | 'defects'>> {
  try {
    return readCap(await readFileOf(file))
  } catch (error) {
    if (!(error instanceof FileUnreadable)) throw error
    const { code, message } = error
    return { verdict: 'withhold', defects: [{ rule: code, place: '', value: '', message }] }
  }
}
