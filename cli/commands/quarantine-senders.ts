/** Quarantine by sender: how much of each is held, what came beyond its measure, and freeing the room. */
import type { QuarantineKind, QuarantineSender } from '../../engines/store/index.ts'
import { type Command, Misused, type Run, text } from '../command.ts'
import { withNode } from '../with-node.ts'

export const quarantineSenders: Command = {
  name: 'quarantine senders',
  summary: 'Say of each source, peer and reactor how much of it is held, and what was counted and not kept.',
  teaches: [
    'Of one sender so much is held and no more (quarantine in mosaic.json). What comes beyond that is counted by kind and',
    'rule; --json gives the newest ids and a digest over all of them, for whoever has what was sent. A peer whose altered',
    'records cannot be kept is paused until you resume it; sources go on.',
    '',
    'Example: mosaic quarantine senders --json',
  ].join('\n'),
  takes: [0, 0],
  options: {},
  run: (run) =>
    withNode(run, async ({ store }) => {
      const all = await store.quarantine.senders()
      for (const one of all) {
        if (run.json) run.out.object(one)
        else print(run, one)
      }
      if (all.length === 0) run.out.say('Nothing is held, and nothing was dropped.')
      return 0
    }),
}

function print({ out }: Run, { from, held, bytes, dropped }: QuarantineSender): void {
  out.line(`${from}  ${held} held, ${bytes} bytes`)
  for (const { kind, rule, times, firstAt, lastAt } of dropped)
    out.line(`    not kept: ${times} times ${kind} ${rule}, ${firstAt} to ${lastAt}`)
}

const kinds: readonly QuarantineKind[] = ['undecodable', 'refused', 'equivocation', 'reactor-failed']

export const quarantineDiscard: Command = {
  name: 'quarantine discard',
  summary: 'Discard all that is held from one sender: its bytes go, its names and reasons stay.',
  teaches: [
    'Look first: mosaic quarantine --from SENDER. What is discarded stays settled when the very same comes again. It frees',
    'the room that the sender may fill; a peer that was paused for that goes on with mosaic peer resume.',
    '',
    'Example: mosaic quarantine discard usgs-earthquakes --kind undecodable',
  ].join('\n'),
  arguments: 'SENDER',
  takes: [1, 1],
  options: { kind: { type: 'string', value: 'KIND', help: `only this kind: ${kinds.join(', ')}` } },
  run: (run) =>
    withNode(run, async ({ store }) => {
      const [from = ''] = run.positionals
      const kind = kindOf(text(run.values, 'kind'))
      const discarded = await store.quarantine.discardFrom(from, { ...(kind && { kind }) })
      if (run.json) run.out.object({ from, discarded })
      else run.out.line(`${from}  ${discarded} discarded`)
      if (discarded === 0)
        run.out.say('Nothing of that was held; mosaic quarantine senders lists the senders.')
      return 0
    }),
}

function kindOf(word: string | undefined): QuarantineKind | undefined {
  const found = kinds.find((kind) => kind === word)
  if (word !== undefined && found === undefined)
    throw new Misused(`--kind is one of ${kinds.join(', ')}, not "${word}".`)
  return found
}
