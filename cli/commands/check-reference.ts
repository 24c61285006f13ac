import { checkReference, type Departed, type ReferenceResult } from '../../engines/assess/index.ts'
import { referenceMethods } from '../../node.ts'
import { type Command, text } from '../command.ts'

export const checkReferenceCommand: Command = {
  name: 'check-reference',
  summary: 'Run reference cases through our methods and compare every value.',
  teaches: [
    'Takes case files, or folders of them, in the self-describing format (method, input, params, expected, tolerance).',
    'Prints per case {id, method, passed, values, worst: {where, got, expected}}. Exit 1 when one fails. A method that is',
    'not built says unknown, and fails only when --method asks for it by name. Where our method can show that a reference',
    'is wrong, the value is not judged and stands under departures: {where, got, expected, why}.',
    '',
    'Example: mosaic check-reference cases/gmm --json',
  ].join('\n'),
  arguments: 'PATH…',
  takes: [1, Number.POSITIVE_INFINITY],
  options: { method: { type: 'string', value: 'NAME', help: 'only cases of this method' } },
  run: async ({ positionals, values, json, out }) => {
    const method = text(values, 'method')
    const counts = { passed: 0, failed: 0, unknown: 0, malformed: 0 }
    let isFailed = false
    for await (const result of checkReference(
      positionals,
      referenceMethods(),
      method === undefined ? {} : { method },
    )) {
      counts[result.status] += 1
      isFailed ||= result.passed === false
      if (json) out.object(result)
      else out.line(describe(result))
    }
    out.say(
      Object.entries(counts)
        .map(([status, count]) => `${count} ${status}`)
        .join(', '),
    )
    return isFailed ? 1 : 0
  },
}

function describe(result: ReferenceResult): string {
  const { status, id, method, values, worst, message, departures = [] } = result
  const farthest = worst ? `  worst at ${worst.where}: got ${worst.got}, expected ${worst.expected}` : ''
  return `${status.padEnd(9)}  ${id}  ${method}  ${values} values${farthest}${message ? `  ${message}` : ''}${departures.map(departure).join('')}`
}

const departure = ({ where, got, why }: Departed): string =>
  `\n           departs at ${where}${got === undefined ? '' : `, ours ${JSON.stringify(got)}`}: ${why}`
