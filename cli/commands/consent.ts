import type { RecordId } from '../../engines/record/index.ts'
import { type Command, Misused } from '../command.ts'
import { withNode } from '../with-node.ts'
import { idBeginning, listOf, personOf, recallsOf, recordIdOf, whoOptions } from './recall-node.ts'
import { instantOf } from './relabel.ts'

export const consent: Command = {
  name: 'consent',
  summary: 'Let others pass on what is under this node’s control.',
  teaches: [
    'Records under originator control, or with police code H2, are passed on only with their origin’s consent. A consent is',
    'a record: it names who may be given what, until when. Take it back with mosaic recall.',
    '',
    'Example: mosaic consent --to skopje.example --record 1f0c77 --because "asked by liaison" --as "Besa Hoxha"',
  ].join('\n'),
  takes: [0, 0],
  options: {
    to: { type: 'string', value: 'NAMES', multiple: true, help: 'nodes, organisations or communities' },
    record: { type: 'string', value: 'IDS', multiple: true, help: 'these records of this node' },
    type: {
      type: 'string',
      value: 'TYPES',
      multiple: true,
      help: 'all of this node’s records of these types',
    },
    until: { type: 'string', value: 'INSTANT', help: 'not after this' },
    ...whoOptions,
  },
  run: (run) => {
    const to = listOf(run.values, 'to')
    const types = listOf(run.values, 'type')
    const beginnings = (listOf(run.values, 'record') ?? []).map(idBeginning)
    if (to === undefined) throw new Misused('Say who may be given it: --to NAMES.')
    if (types === undefined && beginnings.length === 0)
      throw new Misused('Say what they may be given: --record IDS or --type TYPES.')
    const until = instantOf(run.values, 'until')
    const reason = run.values['because']
    const by = personOf(run.values)
    return withNode(run, async (node) => {
      const ids: RecordId[] = []
      for (const beginning of beginnings) {
        const id = await recordIdOf(node, beginning, run)
        if (id === undefined) return 1
        ids.push(id)
      }
      const outcome = await (await recallsOf(node)).consent({
        to,
        ids,
        by,
        ...(types && { types }),
        ...(until && { until }),
        ...(typeof reason === 'string' && { reason }),
      })
      if (run.json) run.out.object(outcome)
      if (outcome.kind === 'refused') {
        run.out.say('Only what this node itself owns can be consented to; ask the origin of the others.')
        return 1
      }
      if (!run.json) run.out.line(`consent ${outcome.consent.id}`)
      return 0
    })
  },
}
