import { purposes } from '../../engines/access/index.ts'
import { type Handling, type Instant, instant, tlpLabels } from '../../engines/record/index.ts'
import { type Command, Misused, text, type Values } from '../command.ts'
import { withNode } from '../with-node.ts'
import { reportRecall } from './recall.ts'
import { idBeginning, listOf, personOf, reasonOf, recallsOf, recordIdOf, whoOptions } from './recall-node.ts'

export const relabel: Command = {
  name: 'relabel',
  summary: 'Tighten the handling of a record of this node, here and at every holder.',
  teaches: [
    'What you give is joined to what holds already, so it only ever gets stricter; it holds for what was derived from the',
    'record and for versions to come. Holders answer with a receipt; mosaic recalls shows who has.',
    '',
    'Example: mosaic relabel 1f0c77 --tlp AMBER --audience durres.example,org-dcp --because "an inquiry began" --as "Besa Hoxha"',
  ].join('\n'),
  arguments: 'RECORD',
  takes: [1, 1],
  options: {
    tlp: { type: 'string', value: 'LABEL', help: 'CLEAR, GREEN, AMBER, AMBER+STRICT or RED' },
    audience: {
      type: 'string',
      value: 'NAMES',
      multiple: true,
      help: 'who may have it at most: nodes, organisations, communities',
    },
    purpose: { type: 'string', value: 'PURPOSES', multiple: true, help: 'what it may be used for at most' },
    'originator-control': { type: 'boolean', help: 'passing it on needs this node’s consent' },
    'retain-until': { type: 'string', value: 'INSTANT', help: 'its content is erased after this' },
    ...whoOptions,
  },
  run: (run) => {
    const beginning = idBeginning(run.positionals[0])
    const [handling, reason, by] = [handlingOf(run.values), reasonOf(run.values), personOf(run.values)]
    return withNode(run, async (node) => {
      const target = await recordIdOf(node, beginning, run)
      if (target === undefined) return 1
      return reportRecall(run, await (await recallsOf(node)).relabel({ target, handling, reason, by }))
    })
  },
}

function handlingOf(values: Values): Handling {
  const word = text(values, 'tlp') ?? 'CLEAR'
  const tlp = tlpLabels.find((label) => label === `TLP:${word}` || label === word)
  if (tlp === undefined) throw new Misused(`There is no label "${word}"; there are ${tlpLabels.join(', ')}.`)
  const audience = listOf(values, 'audience')
  const forPurposes = listOf(values, 'purpose')
  const strange = forPurposes?.find((one) => !(purposes as readonly string[]).includes(one))
  if (strange !== undefined)
    throw new Misused(`There is no purpose "${strange}"; there are ${purposes.join(', ')}.`)
  const retainUntil = instantOf(values, 'retain-until')
  return {
    tlp,
    ...(audience && { audience }),
    ...(forPurposes && { purposes: forPurposes }),
    ...(values['originator-control'] === true && { originatorControl: true }),
    ...(retainUntil && { retainUntil }),
  }
}

export function instantOf(values: Values, name: string): Instant | undefined {
  const value = text(values, name)
  if (value === undefined) return undefined
  try {
    return instant(value)
  } catch {
    throw new Misused(`--${name} takes an instant such as 2026-12-31T00:00:00Z, not "${value}".`)
  }
}
