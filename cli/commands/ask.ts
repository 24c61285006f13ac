import { purposes } from '../../engines/access/index.ts'
import type { NodeAnswer, Question } from '../../engines/exchange/index.ts'
import { instant, isNodeId, type NodeId } from '../../engines/record/index.ts'
import { type Command, Misused, type Run, text, whole } from '../command.ts'
import { withExchange } from './peer-node.ts'

export const ask: Command = {
  name: 'ask',
  summary: 'Ask the region: put one question to every peer, and see which answered.',
  teaches: [
    'Each peer answers under its own rules and the policy for this node. Records come with their proof and are not kept.',
    'Peers that refused, with the reason, and those that did not answer are named on standard error; exit 1 when none',
    'answered. The purpose is part of the question, and a case number where a peer demands one.',
    '',
    'Example: mosaic ask --type "warn.*" --area AL --purpose civil-protection',
  ].join('\n'),
  takes: [0, 0],
  options: {
    type: { type: 'string', value: 'TYPE', multiple: true, help: 'hazards.event, warn.*' },
    area: { type: 'string', value: 'CODE', multiple: true, help: 'country code, or scheme:code' },
    key: { type: 'string', value: 'KEY', help: "the origin's own key" },
    from: { type: 'string', value: 'TIME', help: 'holds at or after' },
    until: { type: 'string', value: 'TIME', help: 'holds at or before' },
    realm: { type: 'string', value: 'REALM', help: 'actual (default), test, exercise:NAME' },
    purpose: { type: 'string', value: 'P', help: `one of ${purposes.join(', ')} (default public)` },
    case: { type: 'string', value: 'NUMBER', help: 'case number' },
    as: { type: 'string', value: 'PERSON', help: 'for whom; told to the peers' },
    node: { type: 'string', value: 'NODE', multiple: true, help: 'only this peer' },
    limit: { type: 'string', value: 'N', help: 'at most so many from each (default 50)' },
    timeout: { type: 'string', value: 'SECONDS', help: 'how long to wait (default 10)' },
  },
  run: (run) =>
    withExchange(run, async (exchange) => {
      const nodes = several(run, 'node').map(nodeName)
      const { records, nodes: answers } = await exchange.ask(questionOf(run), {
        timeoutMs: 1000 * (whole(run.values, 'timeout', [1, 300]) ?? 10),
        signal: run.signal,
        ...(nodes.length > 0 && { nodes }),
      })
      for (const { record, withheld, from } of records) {
        if (run.json) run.out.object({ record, withheld, from })
        else
          run.out.line(
            `${record.recordedAt}  ${record.type}  ${record.id}@${record.version}  ${record.origin}  ${record.key}`,
          )
      }
      for (const answer of answers) run.out.say(`${answer.node}: ${lineOf(answer)}`)
      if (answers.length === 0) run.out.say('This node has no peers to ask; mosaic peer add URL makes one.')
      return answers.some(({ kind }) => kind === 'answered') ? 0 : 1
    }),
}

function lineOf(answer: NodeAnswer): string {
  switch (answer.kind) {
    case 'answered':
      return `${answer.count} records${answer.isAll ? '' : ', and has more'}${answer.refused > 0 ? `, ${answer.refused} not believed` : ''}`
    case 'refused':
      return answer.reason
    case 'silent':
      return `did not answer. ${answer.reason}`
    default:
      return answer satisfies never
  }
}

function questionOf(run: Run): Question {
  const purpose = text(run.values, 'purpose') ?? 'public'
  if (!purposes.some((one) => one === purpose))
    throw new Misused(`--purpose is one of ${purposes.join(', ')}.`)
  const [types, areas] = [several(run, 'type'), several(run, 'area')]
  const named = { key: 'key', caseNumber: 'case', person: 'as', realm: 'realm' } as const
  const words = Object.entries(named).flatMap(([name, option]) => {
    const value = text(run.values, option)
    return value === undefined ? [] : [[name, value]]
  })
  const limit = whole(run.values, 'limit', [1, 200])
  return {
    purpose,
    ...Object.fromEntries(words),
    ...timeOf(run, 'validFrom', 'from'),
    ...timeOf(run, 'validUntil', 'until'),
    ...(types.length > 0 && { types }),
    ...(areas.length > 0 && { areas }),
    ...(limit !== undefined && { limit }),
  }
}

function timeOf(run: Run, name: string, option: string): { readonly [name: string]: string } {
  const value = text(run.values, option)
  return value === undefined ? {} : { [name]: instant(value) }
}

function several({ values }: Run, name: string): string[] {
  const given = values[name]
  if (given === undefined || typeof given === 'boolean') return []
  return [...(Array.isArray(given) ? given : [given])]
}

function nodeName(word: string): NodeId {
  if (isNodeId(word)) return word
  throw new Misused(`"${word}" is no name of a node.`)
}
