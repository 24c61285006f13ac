import { type Changes, type Corrected, correct } from '../../engines/access/index.ts'
import { type Command, type ExitCode, Misused, type Run } from '../command.ts'
import {
  asOption,
  becauseOption,
  nameOf,
  operatorAsking,
  reasonOf,
  recordNamed,
  several,
  withOperator,
} from './audit-asking.ts'

export const correction: Command = {
  name: 'correction',
  summary: 'Put right what a record says of a person; or ask its origin to.',
  teaches: [
    'Of a record of this node the next version is appended, and access.correction tells who was given the one before.',
    'Of another node’s record, access.correction-request asks its origin; nothing changes here until the origin answers.',
    '--set takes POINTER=JSON into the body, and may stand several times; null takes a member out.',
    '',
    `Example: mosaic correction 1f0c77 --set '/name="Arta Hoxha"' --as ana --because "Misspelt; request 13/2026"`,
  ].join('\n'),
  arguments: 'RECORD',
  takes: [1, 1],
  options: {
    set: { type: 'string', value: 'POINTER=JSON', multiple: true, help: 'what should stand where' },
    as: asOption,
    because: becauseOption,
  },
  run: (run) => {
    const changes = changesOf(run)
    const reason = reasonOf(run)
    return withOperator(run, async (node) => {
      const asking = operatorAsking(run, node, 'oversight')
      const id = await recordNamed(run, node)
      if (id === undefined) return 1
      const held = await node.store.get(id)
      if (held === undefined) {
        run.out.say('Its content is erased: there is nothing to correct.')
        return 1
      }
      const { store, clock, settings } = node
      const { audit } = await node.trust()
      const by = { kind: 'person', name: nameOf(run) } as const
      const parts = { store, clock, node: settings.name, auditor: audit.auditor }
      return tell(run, await correct(parts, { asking, held, by, reason, changes }))
    })
  },
}

function changesOf(run: Run): Changes {
  const given = several(run, 'set')
  if (given.length === 0) throw new Misused('Say what should stand where with --set.')
  return Object.fromEntries(given.map(changeOf))
}

function changeOf(given: string): readonly [string, unknown] {
  const at = given.indexOf('=')
  if (!given.startsWith('/') || at < 2) throw new Misused(`--set takes /POINTER=JSON, not "${given}".`)
  try {
    return [given.slice(0, at), JSON.parse(given.slice(at + 1))]
  } catch {
    throw new Misused(`What follows = in "${given}" is no JSON; text stands in double quotes.`)
  }
}

function tell(run: Run, corrected: Corrected): ExitCode {
  if (run.json) run.out.object(corrected)
  switch (corrected.kind) {
    case 'corrected':
      if (!run.json) run.out.line(`${corrected.record.id}@${corrected.record.version}`)
      run.out.say(
        'Corrected. Peers that were given the record are given this version and the notice about it.',
      )
      return 0
    case 'requested':
      if (!run.json) run.out.line(`${corrected.request.id}@${corrected.request.version}`)
      run.out.say(
        `Its origin is asked (${corrected.request.type}); the record stays as it is until it answers.`,
      )
      return 0
    case 'unchanged':
      run.out.say('It says so already.')
      return 0
    case 'refused':
      run.out.say(
        `Refused: ${corrected.reason.code}${'place' in corrected.reason ? ` ${corrected.reason.place}` : ''}.`,
      )
      return 1
    default:
      return corrected satisfies never
  }
}
