import type { Superseded } from '../../engines/exchange/index.ts'
import type { Draft } from '../../engines/record/index.ts'
import { type Command, type ExitCode, Misused, type Run } from '../command.ts'
import { readFileOf } from '../read-file.ts'
import { withNode } from '../with-node.ts'
import { idBeginning, personOf, recordIdOf, whoOptions } from './recall-node.ts'

export const supersede: Command = {
  name: 'supersede',
  summary: 'Write the next version of a record of a node that this one succeeds.',
  teaches: [
    'FILE holds the new body as JSON. Type, key, place, links and handling stay as they are, and it holds from now on. It is',
    'written under the name of the old node, so that its id stays, and proven by the log of this one.',
    '',
    'Example: mosaic supersede 1f0c77 body.json --as "Besa Hoxha"',
  ].join('\n'),
  arguments: 'RECORD FILE',
  takes: [2, 2],
  options: { as: whoOptions.as, role: whoOptions.role },
  run: async (run) => {
    const [beginning, file = ''] = [idBeginning(run.positionals[0]), run.positionals[1]]
    const by = personOf(run.values)
    const body = bodyIn(await readFileOf(file), file)
    return withNode(run, async (node) => {
      const id = await recordIdOf(node, beginning, run)
      const held = id && (await node.store.get(id))
      if (!held) {
        if (id) run.out.say(`The content of ${id} is erased; there is nothing to supersede.`)
        return 1
      }
      if (held.withheld)
        run.out.say(`This node was not given ${held.withheld.join(', ')}; the new version goes without.`)
      const { type, key, realm, origin, place, links, handling, attribution } = held.record
      const draft: Draft = {
        ...{ type, key, realm, links, handling, attribution, body },
        ...(place && { place }),
        producer: by,
        valid: { from: node.clock.now() },
      }
      const { exchange } = await node.trust()
      return say(run, await exchange.supersede(origin, [draft]))
    })
  },
}

function say({ out, json }: Run, outcome: Superseded): ExitCode {
  if (outcome.kind === 'refused') {
    out.say(
      outcome.owner === undefined
        ? 'Nobody owns this record now: the successions of its origin lead in a circle (mosaic successions).'
        : `${outcome.owner} owns this record and writes its next version (${outcome.code}).`,
    )
    return 1
  }
  const [one] = outcome.outcomes
  if (one?.kind !== 'appended' && one?.kind !== 'unchanged') {
    out.say(`It was not written: ${JSON.stringify(one)}`)
    return 1
  }
  const { id, version, origin } = one.record
  if (json) out.object({ id, version, origin, kind: one.kind })
  else out.line(`${id}@${version}  of ${origin}  ${one.kind}`)
  return 0
}

function bodyIn(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Misused(`${file} holds no JSON; write the body of the new version there.`)
  }
}
