import type { EventBody } from '../../engines/fuse/index.ts'
import type { Held, RecordId } from '../../engines/record/index.ts'
import { type Command, Misused } from '../command.ts'
import { noteGiven } from '../trail.ts'
import { withNode } from '../with-node.ts'

export const event: Command = {
  name: 'event',
  summary: 'Show one event: its reports, why they were joined, what followed.',
  teaches: [
    'Takes an event id, or the first six or more characters of one. With --json: the event, its reports, then every record',
    'that refers to it, one per line.',
  ].join('\n'),
  arguments: 'ID',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withNode(run, async (node) => {
      const { store, packs } = node
      const asked = run.positionals[0] ?? ''
      if (!/^[0-9a-f]{6,40}$/.test(asked))
        throw new Misused('An event id is 40 hexadecimal digits; six or more of them will do.')
      const types = packs.flatMap(({ fusion }) => fusion.map(({ writes }) => writes))
      const found = (await store.read({ types })).filter(({ record }) =>
        record.id.startsWith(asked),
      ) as readonly Held<EventBody>[]
      const [one] = found
      if (!one || found.length > 1) {
        run.out.say(
          found.length > 1
            ? `${found.length} events begin with ${asked}; give more of the id.`
            : `This node holds no event ${asked}.`,
        )
        return 1
      }
      const members = await store.read({ ids: one.record.body.members.map(({ id }) => id) })
      const after = await store.read({ linkedTo: [one.record.id] })
      await noteGiven(run, node, { act: 'read', held: [one, ...members, ...after] })
      if (run.json) for (const { record } of [one, ...members, ...after]) run.out.object(record)
      else show(one, members, after, run.out.line)
      return 0
    }),
}

function show(
  one: Held<EventBody>,
  members: readonly Held[],
  after: readonly Held[],
  line: (text: string) => void,
): void {
  const { id, version, body, valid } = one.record
  line(`event ${id}, version ${version}, ${body.state}, ${valid.from}`)
  if (body.mergedInto) line(`  part of ${body.mergedInto as RecordId}`)
  line(`  ${JSON.stringify(body.figures)}`)
  line('reports')
  for (const { record, receivedAt } of members)
    line(`  ${receivedAt}  ${record.key}, version ${record.version}`)
  line('joined because')
  for (const { a, b, by, score, reasons } of body.joined) {
    const why = reasons.map(({ name, value, unit }) => `${name} ${value} ${unit}`).join(', ')
    line(`  ${a.slice(0, 8)} and ${b.slice(0, 8)} by ${by}${score === undefined ? '' : ` ${score}`}: ${why}`)
  }
  line('what followed')
  for (const { record, receivedAt } of after)
    line(`  ${receivedAt}  ${record.type} ${record.id.slice(0, 8)}@${record.version}`)
}
