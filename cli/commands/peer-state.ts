/** Ending the exchange with a peer, for a while or for good, and beginning it again. */
import { type Command, text } from '../command.ts'
import { peerName, withExchange } from './peer-node.ts'

export const peerSuspend: Command = {
  name: 'peer suspend',
  summary: 'Neither give a peer anything nor take from it, until it is resumed.',
  teaches:
    'Its place is kept: once resumed it goes on where it stood.\n\nExample: mosaic peer suspend tirana.example --because "key under question"',
  arguments: 'NODE',
  takes: [1, 1],
  options: { because: { type: 'string', value: 'TEXT', help: 'why; shown beside its state' } },
  run: (run) =>
    withExchange(run, async ({ peers }) => {
      const name = peerName(run)
      await peers.setState(name, 'suspended', text(run.values, 'because') ?? 'suspended by an operator')
      run.out.line(`${name}  suspended`)
      return 0
    }),
}

export const peerResume: Command = {
  name: 'peer resume',
  summary: 'Go on with a peer that was suspended, or whose two histories have been explained.',
  teaches: [
    'After a fork nothing is taken until the peer shows a log that extends the one seen before; --forget-log takes its log',
    'as it is now, as if it were seen for the first time. Do that only when its operators explained what happened.',
    '',
    'Example: mosaic peer resume tirana.example',
  ].join('\n'),
  arguments: 'NODE',
  takes: [1, 1],
  options: { 'forget-log': { type: 'boolean', help: 'take its log as it is now' } },
  run: (run) =>
    withExchange(run, async ({ peers }) => {
      const name = peerName(run)
      if (run.values['forget-log'] === true) await peers.forgetLog(name)
      await peers.setState(name, 'active')
      run.out.line(`${name}  active`)
      return 0
    }),
}

export const peerRemove: Command = {
  name: 'peer remove',
  summary: 'End the exchange with a peer for good.',
  teaches:
    'What came from it stays, with its proof. What it was given it keeps; take that back first.\n\nExample: mosaic peer remove tirana.example',
  arguments: 'NODE',
  takes: [1, 1],
  options: {},
  run: (run) =>
    withExchange(run, async ({ peers }) => {
      const name = peerName(run)
      await peers.remove(name)
      run.out.line(`${name}  removed`)
      return 0
    }),
}
