import { asRelease, type Held, type Instant, isInForce } from '../../engines/record/index.ts'
import type { Store } from '../../engines/store/index.ts'
import type { Command } from '../command.ts'
import { withNode } from '../with-node.ts'
import { sayRelease } from './release.ts'

export const releases: Command = {
  name: 'releases',
  summary: 'List the releases that this node knows, its own and those of peers, newest first.',
  teaches: [
    'With what each lets out, by whom, and whether it is in force, ended or recalled. With --json the whole record.',
    '',
    'Example: mosaic releases',
  ].join('\n'),
  takes: [0, 0],
  options: { all: { type: 'boolean', help: 'also those that are not in force' } },
  run: (run) =>
    withNode(run, async ({ store, clock }) => {
      const held = await store.read({ types: ['record.release'], order: '-index' })
      let shown = 0
      for (const one of held) {
        const state = await stateOf(store, one, clock.now())
        if (state !== 'in force' && run.values['all'] !== true) continue
        shown += 1
        const release = asRelease(one.record)
        if (run.json) run.out.object({ ...one.record, state })
        else {
          const { id, version, origin, producer, valid } = one.record
          const until = valid.until === undefined ? '' : ` until ${valid.until}`
          run.out.line(`${id}@${version}  ${origin}  ${producer.name}  ${state}${until}`)
          if (release) run.out.line(`  ${sayRelease(release)}`)
          if (release?.body.because !== undefined) run.out.line(`  because ${release.body.because}`)
        }
      }
      if (shown === 0) run.out.say('No release is in force; --all shows those that were.')
      return 0
    }),
}

type State = 'in force' | 'ended' | 'recalled' | 'unreadable'

async function stateOf(store: Store, { record }: Held, now: Instant): Promise<State> {
  const release = asRelease(record)
  if (release === undefined) return 'unreadable'
  const recalls = await store.read({ linkedTo: [record.id], linkType: 'recalls' })
  if (recalls.some((one) => one.record.origin === record.origin)) return 'recalled'
  return isInForce(release, now) ? 'in force' : 'ended'
}
